"""What sets one resolved scenario apart from another, as the lines that a scenario which extends it needs."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import Scenario, dump_resolved

WRITTEN_APART = ("name", "question", "interventions", "past")
"""Keys that an exported game writes itself, or that follow from the others."""


def differing(base: Scenario, changed: Scenario) -> tuple[str, list[str]]:
    """Find what to write below `extends` so that a base becomes what was played.

    Nothing can be taken away by it: whoever writes it must see whether it loads to what it should.

    Returns
    -------
    text : lines of YAML
    names : the changes, each as ``path = value`` or, for what has many values, its path
    """
    before, after = (_blocks(dump_resolved(s).splitlines()) for s in (base, changed))
    before, after = (
        {k: b for k, b in blocks.items() if k not in WRITTEN_APART} for blocks in (before, after)
    )
    found = list(_changes(before, after, ()))
    lines: list[str] = []
    open_path: tuple[str, ...] = ()
    for path, block in found:
        shared = 0
        while shared < len(path) - 1 and path[: shared + 1] == open_path[: shared + 1]:
            shared += 1
        lines += [f"{'  ' * depth}{key}:" for depth, key in enumerate(path[:-1]) if depth >= shared]
        lines += block
        open_path = path[:-1]
    return "".join(f"{line}\n" for line in lines), [_name(path, block) for path, block in found]


Blocks = dict[str, list[str]]


def _blocks(lines: list[str]) -> Blocks:
    """Lines of a mapping by its keys, as `dump_resolved` writes them."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    blocks: Blocks = {}
    key = ""
    for line in lines:
        if not line.startswith(" " * (indent + 1)):
            key = line.strip().partition(":")[0]
            blocks[key] = []
        blocks[key].append(line)
    return blocks


def _changes(
    before: Blocks, after: Blocks, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    for key, block in after.items():
        old = before.get(key, [])
        if old == block:
            continue
        empty = len(old) <= 1 and old == [f"{line.partition(':')[0]}: {{}}" for line in block[: len(old)]]
        if _is_mapping(block) and (empty or _is_mapping(old)):
            yield from _changes({} if empty else _blocks(old[1:]), _blocks(block[1:]), (*path, key))
        else:
            yield (*path, key), block


def _is_mapping(block: list[str]) -> bool:
    return len(block) > 1 and not block[1].lstrip().startswith("- ")


def _name(path: tuple[str, ...], block: list[str]) -> str:
    value = block[0].strip().partition(":")[2].strip()
    return f"{'.'.join(path)} = {value}" if len(block) == 1 and len(value) <= 30 else ".".join(path)
