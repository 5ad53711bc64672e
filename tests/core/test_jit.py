"""Compiled code kept on disk: what others planted is never run, what is damaged is made again."""

import errno
import hashlib
import json
import os
import pickle
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

import sim
from sim.core import jit

ROOT = Path(sim.__file__).resolve().parents[1]
OTHER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
SCRIPT = """
import json, os, sys
if "NOBODY" in os.environ:
    os.getuid = lambda: 12345  # as the home is asked for; the files are still ours
from sim.core.jit import cache_folder, entry

@entry
def double(x):
    return x + x

turn = int(os.environ.get("TURN", 0))
values = [3, 2.5]
answers = {str(x): str(double(x)) for x in values[turn:] + values[:turn]}
print(json.dumps({
    "right": answers == {"3": "6", "2.5": "5.0"},
    "loaded": sum(double.stats.cache_hits.values()), "folder": str(cache_folder()),
}))
"""


NURSERY = """
import json, os, sys
import llvmlite.binding, numba.extending

numba.njit(lambda x: x + x)(1)  # so that no child need ready the compiler
for line in sys.stdin:
    script, place, mask, streams = json.loads(line)
    if os.fork():
        print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
        continue
    for number, path in enumerate(streams, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.umask(mask)
    os.environ.clear()
    os.environ.update(place)
    with open(script) as file:
        exec(compile(file.read(), script, "exec"), {"__name__": "__main__"})
    sys.exit()
"""


class Planted:
    """Touches a file as it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + content


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("script")
    (folder / "temporary").mkdir()
    (folder / "script.py").write_text(SCRIPT)
    yield folder / "script.py"
    nursery(folder / "script.py").communicate(timeout=120)


@pytest.fixture(scope="module")
def made(script: Path) -> Path:
    """The cache that the script makes: a named folder, and that within for these sources."""
    folder = Path(ask(script, SPIRAL_CACHE_DIR=script.parent / "made")[0]["folder"])
    assert len(list(folder.rglob("*.nb?"))) == 3
    return folder


@pytest.fixture
def cache(made: Path, tmp_path: Path) -> Path:
    """A copy of that cache, in which every file runs another's code, which leaves a mark, as it is unpickled."""
    shutil.copytree(made.parent, tmp_path / "cache")
    evil = pickle.dumps(Planted(tmp_path / "mark"))
    for path in files_of(tmp_path / "cache"):
        content = path.read_bytes()
        path.write_bytes(sealed(evil) if content == sealed(content[32:]) else evil)
    return tmp_path / "cache" / made.name


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.nb?") if path.is_file()]


def variables(script: Path, place: dict[str, object]) -> dict[str, str]:
    """These variables, and those of this process but for those that name a cache folder else."""
    names = ("HOME", "XDG_CACHE_HOME", "SPIRAL_CACHE_DIR", "NUMBA_DISABLE_JIT")
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    place = {"PYTHONPATH": ROOT, "TMPDIR": script.parent / "temporary", **place}
    return {**inherited, **{name: str(value) for name, value in place.items()}}


def start(script: Path, before: tuple[str, ...] = (), **place: object) -> subprocess.Popen:
    """A process with these variables."""
    return subprocess.Popen(
        [*before, sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=script.parent, env=variables(script, place),
    )  # fmt: skip


@lru_cache
def nursery(script: Path) -> subprocess.Popen:
    """A process that has loaded the compiler and nothing of ours, and forks whoever is to answer."""
    return subprocess.Popen(
        [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=script.parent, env=variables(script, {}),
    )  # fmt: skip


def ask(script: Path, before: tuple[str, ...] = (), **place: object) -> tuple[dict, str]:
    """What a process answers, and what it says on stderr."""
    if before:
        process = start(script, before, **place)
        out, err = process.communicate(timeout=120)
        code = process.returncode
    else:
        code, out, err = born(script, variables(script, place))
    assert code == 0, err[-2000:]
    answer = json.loads(out)
    assert answer["right"]
    return answer, err


def born(script: Path, place: dict[str, str]) -> tuple[int, str, str]:
    """Exit code and streams of a fork of the nursery."""
    home, streams = nursery(script), [script.with_name(name) for name in ("stdout", "stderr")]
    os.umask(mask := os.umask(0))
    home.stdin.write(json.dumps([str(script), place, mask, [str(path) for path in streams]]) + "\n")
    home.stdin.flush()
    return int(home.stdout.readline()), *(path.read_text() for path in streams)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


# Folders that others can write to


def spoil(how: str, folder: Path) -> None:
    """Make a folder one that others could have written."""
    if how == "link":
        folder.rename(folder.with_name(f"other-{folder.name}"))
        folder.symlink_to(f"other-{folder.name}")
    elif how == "owner":
        for path in (folder, *folder.rglob("*")):
            os.chown(path, OTHER, OTHER)
    else:
        folder.chmod(int(how, 8))


@pytest.mark.parametrize("which", ["named", "within"])
@pytest.mark.parametrize("how", [pytest.param("owner", marks=as_root), "link", "770", "707", "777"])
def test_what_others_may_have_planted_is_not_run(script, cache, tmp_path, how, which):
    spoil(how, cache.parent if which == "named" else cache)
    answer, said = ask(script, SPIRAL_CACHE_DIR=cache.parent)
    assert not (tmp_path / "mark").exists()
    assert answer["loaded"] == 0
    assert answer["folder"].startswith(str(script.parent / "temporary"))
    assert not any((script.parent / "temporary").iterdir())  # removed at exit
    assert len(said.splitlines()) == 1
    assert said.startswith("spiral: SPIRAL_CACHE_DIR: ")
    assert str(tmp_path / "cache") in said


def test_a_predictable_folder_among_temporary_ones_is_not_used(script, cache, tmp_path):
    (tmp_path / "temporary").mkdir()
    cache.parent.rename(tmp_path / "temporary" / f"spiral-{os.getuid()}")
    answer, said = ask(script, XDG_CACHE_HOME="/dev/null", TMPDIR=tmp_path / "temporary")
    assert not (tmp_path / "mark").exists()
    assert answer["loaded"] == 0
    assert said.startswith("spiral: the user's cache folder: '/dev/null")


@pytest.mark.parametrize("how", [pytest.param("owner", marks=as_root), "link", "620", "602"])
def test_a_planted_file_is_not_run(script, cache, tmp_path, how):
    """Someone who writes into the folder between the look at it and the use of it gets no further."""
    for path in files_of(cache):
        spoil(how, path)
    assert ask(script, SPIRAL_CACHE_DIR=cache.parent)[0]["loaded"] == 0
    assert not (tmp_path / "mark").exists()
    assert ask(script, SPIRAL_CACHE_DIR=cache.parent)[0]["loaded"] == 2


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o077, 0o377])
def test_folders_and_files_are_made_for_this_user_alone(script, tmp_path, umask):
    before = os.umask(umask)
    try:
        answer, said = ask(script, XDG_CACHE_HOME=tmp_path / "new" / "cache")
    finally:
        os.umask(before)
    assert said == ""
    assert Path(answer["folder"]).parent == tmp_path / "new" / "cache" / "spiral"
    assert modes(tmp_path) == {0o700, 0o600}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No variable names a cache folder; temporary ones are in a folder of the test's."""
    for name in ("SPIRAL_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, "")  # so that it is put back however it is changed
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return monkeypatch


def test_a_folder_of_ours_that_others_can_read_is_closed(tmp_path, place):
    place.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = jit.cache_folder.__wrapped__()
    for path in (folder, folder.parent):
        path.chmod(0o755)
    assert jit.cache_folder.__wrapped__() == folder
    assert modes(tmp_path) == {0o700}


def test_a_named_folder_is_left_as_it_is(tmp_path, place, capfd):
    (tmp_path / "named").mkdir(mode=0o755)
    place.chdir(tmp_path)
    place.setenv("SPIRAL_CACHE_DIR", "named")  # relative: it stays where it is when the process moves
    assert jit.cache_folder.__wrapped__().parent == tmp_path / "named"
    assert stat.S_IMODE((tmp_path / "named").stat().st_mode) == 0o755
    assert capfd.readouterr().err == ""


@as_root
def test_a_shared_folder_in_which_names_are_kept_may_be_named(tmp_path, place, capfd):
    (tmp_path / "named").mkdir()
    (tmp_path / "named").chmod(0o1777)
    place.setenv("SPIRAL_CACHE_DIR", str(tmp_path / "named"))
    assert jit.cache_folder.__wrapped__().parent == tmp_path / "named"
    os.chown(tmp_path / "named", OTHER, OTHER)  # the owner could exchange what is in it
    assert jit.cache_folder.__wrapped__().parent != tmp_path / "named"
    assert "belongs to another user" in capfd.readouterr().err


@pytest.mark.parametrize(("mode", "ours"), [(0o700, True), (0o777, False)])
def test_a_folder_that_someone_makes_at_the_same_time_is_looked_at_too(tmp_path, place, mode, ours):
    def outrun(folder, **_):
        os.mkdir(folder)
        os.chmod(folder, mode)
        raise FileExistsError(folder)

    place.setenv("XDG_CACHE_HOME", str(tmp_path / "new"))
    place.setattr(Path, "mkdir", outrun)
    folder = jit.cache_folder.__wrapped__()
    assert (folder is not None and tmp_path / "new" in folder.parents) is ours


# No home, no place


def test_no_home_is_asked_for_when_the_folder_is_named(script, tmp_path):
    for loaded in (0, 2):
        answer, said = ask(script, NOBODY=1, SPIRAL_CACHE_DIR=tmp_path / "cache")
        assert (answer["loaded"], said) == (loaded, "")


def test_without_a_home_a_folder_of_the_process_serves(script):
    answer, said = ask(script, NOBODY=1)
    assert answer["folder"].startswith(str(script.parent / "temporary"))
    assert not any((script.parent / "temporary").iterdir())
    assert said.startswith("spiral: the user's cache folder: Could not determine home directory;")


@as_root
def test_an_unknown_user_without_home_among_folders_of_others():
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    user = ("setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups")
    if subprocess.run([*user, sys.executable, "-c", "import numba"], check=False).returncode:
        pytest.skip("another user cannot start this Python")
    with tempfile.TemporaryDirectory() as folder:  # not below that of pytest, which others cannot enter
        open_to_all = Path(folder)
        (open_to_all / "script.py").write_text(SCRIPT)
        (open_to_all / "temporary").mkdir()
        (open_to_all / "temporary" / f"spiral-{OTHER}").mkdir()  # another's, in the way
        for path, mode in ((open_to_all, 0o755), (open_to_all / "temporary", 0o1777)):
            path.chmod(mode)
        answer, said = ask(open_to_all / "script.py", user)
        assert answer["folder"].startswith(str(open_to_all / "temporary" / "spiral-"))
        assert "Could not determine home directory" in said
        for loaded in (0, 2):
            answer, said = ask(
                open_to_all / "script.py", user, SPIRAL_CACHE_DIR=open_to_all / "temporary" / "mine"
            )
            assert (answer["loaded"], said) == (loaded, "")


def test_processes_started_from_here_share_the_folder(tmp_path, place):
    place.setenv("XDG_CACHE_HOME", "/dev/null")
    folder = jit.cache_folder.__wrapped__()
    assert tmp_path in folder.parents
    assert (
        jit.cache_folder.__wrapped__() == folder
    )  # as a child would find it: it is named in the environment


def test_where_nothing_can_be_written_code_is_compiled_and_not_kept(tmp_path, place):
    place.setenv("XDG_CACHE_HOME", "/dev/null")
    place.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert jit.cache_folder.__wrapped__() is None
    place.setattr(jit, "cache_folder", lambda: None)
    assert jit.entry(lambda x: x + x)(4) == 8


# Damaged files


def double(x):
    return x + x


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that holds the machine code of `double`, for integers."""
    monkeypatch.setattr(jit, "cache_folder", lambda: tmp_path)
    assert hits(3) == 0
    assert hits(3) == 1
    return tmp_path


def hits(*values: object) -> int:
    """How many of these were doubled by machine code from the cache, as a new process would do it."""
    compiled = jit.entry(double)
    for value in values:
        assert compiled(value) == value + value
    return sum(compiled.stats.cache_hits.values())


def as_directory(path: Path) -> None:
    path.unlink()
    (path / "within").mkdir(parents=True)


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 16
    path.write_bytes(content)


DAMAGE = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut by a byte": lambda path: os.truncate(path, path.stat().st_size - 1),
    "empty": lambda path: os.truncate(path, 0),
    "random": lambda path: path.write_bytes(hashlib.sha256(b"noise").digest() * 40),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "one bit": flip,
    "wrong pickle": lambda path: path.write_bytes(pickle.dumps({"a": 1})),
    "wrong pickle, sealed": lambda path: path.write_bytes(sealed(pickle.dumps({"a": 1}))),
    "pickle of an absent module": lambda path: path.write_bytes(sealed(b"cabsent\nname\n.")),
    "directory": as_directory,
    "pipe": as_pipe,
    "unreadable": lambda path: path.chmod(0),
    "absent": Path.unlink,
}


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_made_again(folder, kind, suffix):
    (file,) = folder.rglob(f"*.{suffix}")
    DAMAGE[kind](file)
    assert hits(3) == (kind == "unreadable" and os.geteuid() == 0)  # root reads it all the same
    assert hits(3) == 1
    assert not file.is_dir()


def test_machine_code_of_another_signature_is_not_taken(folder):
    """Two processes that begin at once may have given one name to two files."""
    assert hits(3, 2.5) == 1
    first, second = sorted(folder.rglob("*.nbc"))
    shutil.copy(first, second)
    assert hits(3, 2.5) == 1
    assert hits(3, 2.5) == 2


def test_a_full_disk_fails_no_run(folder, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    shutil.rmtree(folder)
    monkeypatch.setattr(os, "replace", full)
    assert hits(3) == 0


@pytest.mark.parametrize("garbled", [False, True])
def test_four_processes_at_once_on_one_folder(script, made, tmp_path, garbled):
    cache = tmp_path / "parent" / "cache"
    if garbled:
        shutil.copytree(made.parent, cache)
        for path in files_of(cache):
            DAMAGE["truncated"](path)
    processes = [start(script, SPIRAL_CACHE_DIR=cache, TURN=turn % 2) for turn in range(4)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert json.loads(out)["right"]
    ask(script, SPIRAL_CACHE_DIR=cache)  # one may have overwritten what another had saved
    assert ask(script, SPIRAL_CACHE_DIR=cache)[0]["loaded"] == 2
    assert not any(cache.rglob("*.tmp.*"))
