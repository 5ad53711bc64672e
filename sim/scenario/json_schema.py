"""The JSON Schema by which editors check and complete scenario files as they are written.

``python -m sim.scenario.json_schema`` writes it anew, beside the shipped scenarios. It knows what a single
file can tell: keys, kinds and ranges. What needs the parent or the whole is checked on loading.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.paths import data_folder
from sim.scenario.schema import Scenario

FILE_NAME = "scenario.schema.json"
WHOLE = ("Action", "Knot", "Shock")  # parts of lists, which are written in full
NULL = {"type": "null"}
ENTRY = {"$ref": "#/$defs/Entry"}


def scenario_schema() -> dict[str, Any]:
    """Make the schema of a scenario file, which may leave out or remove (null) what it inherits."""
    written = Scenario.model_json_schema(by_alias=True)
    parts = {name: _part(name, part) for name, part in written["$defs"].items()}
    top = parts["Scenario"]
    top["properties"] |= {
        "extends": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            "description": "name of the scenario that this one changes; only what differs is written here",
        }
    }
    top["properties"]["questions"] = _or_words(top["properties"]["questions"])
    needed = [key for key in written["$defs"]["Scenario"]["required"] if key != "name"]
    top |= {"if": {"required": ["extends"]}, "else": {"required": needed}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Spiral scenario",
        "$ref": "#/$defs/Scenario",
        "$defs": parts,
    }


def schema_text() -> str:
    """Give the schema as the text of its file."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def _part(name: str, part: dict[str, Any]) -> dict[str, Any]:
    part = _described(part)
    fields = part["properties"].items()
    if name in WHOLE:
        return part | {"properties": {key: _given(value) for key, value in fields}}
    part.pop("required", None)
    return part | {"properties": {key: _removable(value) for key, value in fields}}


def _or_words(schema: Any) -> Any:
    """Let a question be written in words alone too."""
    if isinstance(schema, list):
        return [_or_words(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == ENTRY:
        return {"anyOf": [{"type": "string"}, ENTRY]}
    return {key: _or_words(value) for key, value in schema.items()}


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Take away null, which stands for what is left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != NULL]
    rest = {key: value for key, value in schema.items() if key != "anyOf" and value is not None}
    return {**kinds[0], **rest} if kinds else schema


def _removable(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow null in place of a value, and inside of a mapping in place of its values."""
    schema = dict(schema)
    if "properties" in schema:
        schema["properties"] = {key: _removable(value) for key, value in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = _removable(schema["additionalProperties"])
    if NULL in schema.get("anyOf", ()):
        return schema
    outside: dict[str, Any] = {key: schema.pop(key) for key in ("description", "default") if key in schema}
    return {"anyOf": [schema, NULL]} | outside


def _described(schema: Any) -> Any:
    """Drop generated titles, and end descriptions with what is allowed."""
    if isinstance(schema, list):
        return [_described(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _described(value) for k, value in schema.items() if k != "title" or isinstance(value, dict)}
    allowed = kept.pop("x-allowed", "")
    if isinstance(allowed, str) and allowed:
        kept["description"] = f"{kept['description']}: {allowed}" if "description" in kept else allowed
    return kept


def main() -> None:
    """Write the schema beside the shipped scenarios."""
    path: Path = data_folder("scenarios") / FILE_NAME
    path.write_text(schema_text(), encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
