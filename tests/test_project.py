"""The project's own papers: the lock is complete, hashed and free of addresses; the wheel is whole."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import sim

ROOT = Path(__file__).resolve().parents[1]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    assert match, requirement
    return canonical(match[0])


@pytest.fixture(scope="module")
def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


ALL, RUN = "requirements.lock", "requirements-run.lock"


@pytest.fixture(params=[ALL, RUN])
def lock_text(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


@pytest.fixture
def locked(lock_text: str) -> list[str]:
    return lines_of(lock_text)


def lines_of(lock_text: str) -> list[str]:
    """The logical lines of a lock: comments dropped, continuation lines joined."""
    code = "\n".join(line for line in lock_text.splitlines() if not line.lstrip().startswith("#"))
    return [line.strip() for line in code.replace("\\\n", " ").splitlines() if line.strip()]


def test_every_locked_package_is_pinned_and_hashed(locked: list[str]) -> None:
    assert locked
    for line in locked:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+", line), f"not pinned: {line[:80]}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), f"no hash: {line[:80]}"


def test_lock_names_each_package_once(locked: list[str]) -> None:
    names = [requirement_name(line) for line in locked]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("fragment", ["http", "://", "index-url", "find-links", "file:", " @ "])
def test_lock_holds_no_address(lock_text: str, fragment: str) -> None:
    assert fragment not in lock_text


def names_in(lock: str) -> set[str]:
    return {requirement_name(line) for line in lines_of((ROOT / lock).read_text(encoding="utf-8"))}


def declared(pyproject: dict, *groups: str) -> set[str]:
    """Names of what running and building need, and of dependency groups."""
    found = [*pyproject["project"]["dependencies"], *pyproject["build-system"]["requires"]]
    for group in groups:
        found += [entry for entry in pyproject["dependency-groups"][group] if isinstance(entry, str)]
    return {requirement_name(requirement) for requirement in found}


def test_every_declared_dependency_is_locked(pyproject: dict) -> None:
    assert declared(pyproject, *pyproject["dependency-groups"]) <= names_in(ALL)
    assert declared(pyproject, "build") <= names_in(RUN)


def test_running_installs_no_tools_and_no_extras(pyproject: dict) -> None:
    extras = {
        requirement_name(entry)
        for extra in pyproject["project"]["optional-dependencies"].values()
        for entry in extra
    }
    tools = declared(pyproject, "dev") - declared(pyproject)
    assert not names_in(RUN) & (extras | tools)
    assert len(names_in(RUN)) < len(names_in(ALL)) / 2


def test_what_running_needs_is_locked_as_all_is() -> None:
    whole, part = (lines_of((ROOT / lock).read_text(encoding="utf-8")) for lock in (ALL, RUN))
    assert set(part) <= set(whole)


@pytest.mark.parametrize(
    "extra", [None, "calibration", "cluster", "dashboard", "discovery", "policy", "viewer"]
)
def test_every_dependency_ends_below_the_series_after_the_one_that_was_tried(
    pyproject: dict, extra: str | None
) -> None:
    project = pyproject["project"]
    found = [
        Requirement(text)
        for text in (project["optional-dependencies"][extra] if extra else project["dependencies"])
    ]
    pins = (
        re.match(r"([^=\s]+)==([^\s;]+)", line) for line in lines_of((ROOT / ALL).read_text(encoding="utf-8"))
    )
    tried = {canonical(pin[1]): Version(pin[2]) for pin in pins if pin}
    assert found
    for one in found:
        version = tried[canonical(one.name)]
        major, minor = version.release[:2]
        assert version in one.specifier, one
        assert Version(f"{major}.{minor + 1}" if major == 0 else f"{major + 1}") not in one.specifier, one


def test_version_is_the_package_version(pyproject: dict) -> None:
    assert getattr(sim, "__version__", None) == pyproject["project"]["version"]


def build(source: Path, target: str, to: Path) -> Path:
    """Build an sdist or a wheel offline and return the file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(to)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = to.iterdir()
    return built


def data_files(folder: str) -> set[str]:
    kept = {".yaml", ".yml", ".json", ".md", ".parquet"}
    files = (path for path in (ROOT / folder).rglob("*") if path.suffix in kept)
    return {f"sim/_data/{path.relative_to(ROOT).as_posix()}" for path in files}


def test_wheel_built_from_the_sdist_carries_code_scenarios_and_seeds(tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Python 3.11.0 to 3.11.3 lack it
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", **safely)
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    wheel = build(unpacked, "wheel", tmp_path / "wheel")
    inside = set(zipfile.ZipFile(wheel).namelist())
    kinds = {".py", ".js", ".css", ".html"}
    files = (path for path in (ROOT / "sim").rglob("*") if path.suffix in kinds)
    code = {path.relative_to(ROOT).as_posix() for path in files}
    scenarios, seeds = data_files("scenarios"), data_files("seeds")
    assert scenarios
    assert seeds
    assert code | scenarios | seeds <= inside
    lock = zipfile.ZipFile(wheel).read(f"sim/_data/{RUN}")
    assert lock == (ROOT / RUN).read_bytes()  # pip install --require-hashes -r takes it as it is
