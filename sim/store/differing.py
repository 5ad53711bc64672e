"""How the job that stands in a result folder differs from another, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHOWN = 3
LONGEST = 60  # characters of a value
NONE = "not set"
PAST = "past."  # the scenario that another goes on from, which repeats its runs and its seed
UNTOLD = "its scenario is another one"


def differences(folder: Path, manifest: Mapping[str, Any], job: Mapping[str, Any], resolved: str) -> str:
    """Say how the job in a folder differs from another one.

    Parameters
    ----------
    folder : Path
        Where the older job stands, its resolved scenario beside its manifest.
    manifest : mapping
        Of the older job.
    job : mapping
        What is asked for; its `scenario` is the SHA-256 of the resolved scenario.
    resolved : str
        The resolved scenario that is asked for.
    """
    if "job" not in manifest:
        return "its manifest says too little to tell which"
    there, here = _flat(manifest["job"]), _flat(dict(job))
    found = []
    if _differs(there, here, "scenario"):
        older = _scenario_in(folder, manifest)
        found = [UNTOLD] if older is None else _changed(older, resolved)
    # The size of a block goes by the number of runs: not told beside another scenario.
    told = {"scenario", "block_size"} if found else {"scenario"}
    for name in (here.keys() | there.keys()) - told:
        if _differs(there, here, name):
            found.append(_told(name, there.get(name), here.get(name)))
    listed = "; ".join(sorted(found)[:SHOWN])
    return listed + (f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else "")


def _differs(there: Mapping[str, Any], here: Mapping[str, Any], name: str) -> bool:
    return bool(there.get(name) != here.get(name))


def _told(name: str, there: Any, here: Any) -> str:
    if name == "made_by.sources":
        return "it was made by other sources of Spiral"
    if name == "made_by.arithmetic":
        return (
            "the same runs came out otherwise there: arithmetic that is not IEEE's, or another october-2023"
        )
    return _both(name.removeprefix("made_by.").replace("_", " "), there, here)


def _both(name: str, there: Any, here: Any) -> str:
    write = str if name.endswith("random_seed") else _shown  # a seed is to be given again as it stands
    return f"{name} is {write(there)} there and {write(here)} here"


def _shown(value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _scenario_in(folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """The older job's resolved scenario, if it stands there as it was written."""
    try:
        text = (folder / f"{manifest['name']}.yaml").read_bytes()
    except OSError:
        return None
    return text.decode() if hashlib.sha256(text).hexdigest() == manifest["job"].get("scenario") else None


def _changed(there: str, here: str) -> list[str]:
    """Fields in which two resolved scenarios differ."""
    from ruamel.yaml import YAML

    old, new = (_flat(YAML(typ="safe", pure=True).load(text)) for text in (there, here))
    if "name" in old and old["name"] != new.get("name"):
        return [f"the scenario is {old['name']} there and {new.get('name')} here"]
    names = [name for name in [*old, *(n for n in new if n not in old)] if old.get(name) != new.get(name)]
    names = [
        name for name in names if name.removeprefix(PAST) == name or name.removeprefix(PAST) not in names
    ]
    return [_both(name, old.get(name), new.get(name)) for name in names] or [UNTOLD]


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        items = [(f"{name}.{key}" if name else str(key), part) for key, part in value.items()]
    elif isinstance(value, list | tuple):
        items = [(f"{name}.{number}", part) for number, part in enumerate(value)]
    else:
        return {name: value}
    return {key: leaf for path, part in items for key, leaf in _flat(part, path).items()}
