"""A digest kept beside the compiled code: found again in an equal process, worked out anew in any other."""

import hashlib
import math
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.simulate import remembered as module
from sim.simulate.remembered import conditions, remembered

FIRST, SECOND = (hashlib.sha256(text).hexdigest() for text in (b"first", b"second"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for compiled code, with one kernel."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "advance.nbc").write_bytes(b"kernel")
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    return tmp_path


def never():
    raise AssertionError("was worked out anew")


def kept(folder):
    return [file for file in folder.iterdir() if file.is_file()]


def test_it_is_worked_out_once(folder):
    assert remembered("x", lambda: FIRST) == FIRST
    assert remembered("x", never) == FIRST
    assert remembered("y", lambda: SECOND) == SECOND  # another name is another digest
    assert len(kept(folder)) == 2


def test_what_is_compiled_while_it_is_worked_out_counts(folder):
    def compiles():
        (folder / "core" / "draws.nbc").write_bytes(b"another")
        return FIRST

    assert remembered("x", compiles) == FIRST
    assert remembered("x", never) == FIRST


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-9],
        lambda text: text.replace(FIRST, SECOND),
        lambda text: f"{FIRST}\n",
        lambda text: "\udcff\udcfe",
    ],
    ids=["empty", "cut short", "another digest", "without its check", "no text"],
)
def test_a_garbled_entry_is_dropped(folder, change):
    remembered("x", lambda: FIRST)
    (file,) = kept(folder)
    file.write_bytes(change(file.read_text()).encode(errors="surrogateescape"))
    assert remembered("x", lambda: FIRST) == FIRST
    assert remembered("x", never) == FIRST


def test_an_entry_of_another_process_is_not_taken_even_by_its_name(folder, monkeypatch):
    remembered("x", lambda: FIRST)
    (file,) = kept(folder)
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA")
    shutil.copy(file, folder / f"x-{conditions(folder)[:20]}")
    assert remembered("x", lambda: SECOND) == SECOND


def edit_a_scenario(tmp_path, monkeypatch):
    home = tmp_path / "data"
    for name in ("scenarios", "seeds"):
        shutil.copytree(module.data_folder(name), home / name, ignore=shutil.ignore_patterns("posteriors"))
    with (home / "scenarios" / "october-2023.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# edited\n")
    monkeypatch.setattr(module, "data_folder", lambda name: home / name)


def compile_anew(tmp_path, monkeypatch):
    (tmp_path / "core" / "advance.nbc").write_bytes(b"kernel, other")


def touch_a_library(tmp_path, monkeypatch):
    libm = tmp_path / "libm.so.6"
    libm.write_bytes(b"")
    monkeypatch.setattr(module, "_of_the_process", lambda: [libm])
    before = conditions(tmp_path)
    os.utime(libm, (1, 1))
    assert conditions(tmp_path) != before


def compute_otherwise(tmp_path, monkeypatch):
    exp = math.exp
    monkeypatch.setattr(math, "exp", lambda x: math.nextafter(exp(x), 0.0) if 6.9 < x < 7.3 else exp(x))


def flush_small_numbers(tmp_path, monkeypatch):
    exp = np.exp
    monkeypatch.setattr(np, "exp", lambda x: np.where(exp(x) < 1e-20, 0.0, exp(x)))


@pytest.mark.parametrize(
    "change",
    [
        edit_a_scenario,
        compile_anew,
        touch_a_library,
        compute_otherwise,
        flush_small_numbers,
        lambda _, m: m.setattr(module, "source_hash", lambda: "other"),
        lambda _, m: m.setattr(np, "__version__", "0.0"),
        lambda _, m: m.setattr(module.llvmlite.binding, "get_host_cpu_name", lambda: "other"),
        lambda _, m: m.setenv("NUMBA_OPT", "1"),
        lambda _, m: m.setenv("LD_PRELOAD_OF_SOME_KIND", "/libm.so"),
        lambda _, m: m.setenv("NPY_DISABLE_CPU_FEATURES", "AVX2"),
    ],
)
def test_whatever_it_hangs_on_tells_processes_apart(folder, monkeypatch, change):
    before = conditions(folder)
    assert conditions(folder) == before
    change(folder, monkeypatch)
    assert conditions(folder) != before


def test_what_has_nothing_to_do_with_it_does_not(folder, monkeypatch):
    before = conditions(folder)
    monkeypatch.setenv("COLUMNS", "40")
    (folder / "x-0123").write_text("another entry")
    assert conditions(folder) == before


def test_the_libraries_are_found_as_files():
    found = [Path(path).name for path in (*module._libraries(), *module._of_the_process())]
    assert any("multiarray" in name for name in found)
    assert any("_special_ufuncs" in name or "_ufuncs" in name for name in found)
    assert any("llvmlite" in name for name in found)
    if Path("/proc/self/maps").exists():
        assert any(name.startswith(("libm", "ld-musl")) for name in found)


@pytest.mark.parametrize("broken", ["no folder", "not writable"])
def test_without_a_place_to_keep_it_it_is_worked_out(tmp_path, monkeypatch, broken):
    monkeypatch.setattr(module, "cache_folder", lambda: None if broken == "no folder" else tmp_path / "gone")
    assert remembered("x", lambda: FIRST) == FIRST
    assert remembered("x", lambda: SECOND) == SECOND
