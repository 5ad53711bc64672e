"""Where a file can be changed, in which ways, and what it then is."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from tests.mutated import ROOT

SWAPS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
LEFT_OUT = ("decorator_list", "annotation", "returns", "type_params", "bases")
AROUND = 36  # characters of a long line that are told before and after what differs
Named = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Node:
    """A node of a tree: its parent, field and place there, its statement, and what it belongs to, with its name."""

    parent: ast.AST
    field: str
    place: int | None
    statement: ast.stmt
    scope: ast.stmt
    name: str

    def get(self) -> ast.AST:
        """The node itself."""
        held = getattr(self.parent, self.field)
        return held if self.place is None else held[self.place]

    def put(self, other: ast.AST) -> None:
        """Put another node in its place."""
        if self.place is None:
            setattr(self.parent, self.field, other)
        else:
            getattr(self.parent, self.field)[self.place] = other


@dataclass(frozen=True)
class Mutant:
    """One change of a file.

    Attributes
    ----------
    key : the same as long as what it belongs to is the same, whatever else the file holds
    file, line : where
    name : of the function, class or variable that it belongs to
    number, way : of the node in its file, and of the ways to change that
    """

    key: str
    file: str
    line: int
    name: str
    number: int
    way: int

    def made(self) -> str:
        """The source of the whole file after the change."""
        tree = ast.parse((ROOT / self.file).read_text())
        node = nodes(tree)[self.number]
        change = list(changes(node.get()))[self.way]
        node.put(change(node.get()) or node.get())
        return ast.unparse(ast.fix_missing_locations(tree))

    def told(self) -> tuple[str, str]:
        """The line that differs, before and after."""
        node = nodes_of((ROOT / self.file).read_text())[self.number]
        copies: dict[int, ast.AST] = {}
        statement = copy.deepcopy(node.statement, copies)
        old = copies[id(node.get())]
        new = list(changes(old))[self.way](old) or old
        if old is statement:
            statement = new
        else:
            replace(node, parent=copies[id(node.parent)]).put(new)
        return apart(ast.unparse(node.statement), ast.unparse(ast.fix_missing_locations(statement)))


def changes(node: ast.AST) -> Iterator[Callable[[ast.AST], ast.AST | None]]:
    """Ways to change a node, each as a function that changes it in place, or gives one to take its place."""
    if type(getattr(node, "op", None)) in SWAPS:
        yield lambda n: setattr(n, "op", SWAPS[type(n.op)]())
    for place, op in enumerate(getattr(node, "ops", ())):
        if type(op) in SWAPS:
            yield lambda n, place=place: n.ops.__setitem__(place, SWAPS[type(n.ops[place])]())
    if isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield lambda n: ast.Constant(changed(n.value))
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    ):
        yield lambda n: ast.Pass()


def changed(value: float) -> float:
    """Another truth, the next whole number, or one per cent more."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value * 1.01 if value else 1.0


def nodes(tree: ast.Module) -> list[Node]:
    """All nodes in order, but for decorators, annotations and docstrings."""
    found: list[Node] = []

    def walk(node: ast.AST, statement: ast.stmt | None, scope: ast.stmt | None, name: str) -> None:
        for field, value in ast.iter_fields(node):
            for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if field in LEFT_OUT or not isinstance(child, ast.AST):
                    continue
                here = child if isinstance(child, ast.stmt) else statement
                inner, called = scope, name
                if isinstance(child, Named):
                    inner, called = child, f"{name}.{child.name}".lstrip(".")
                elif scope is None:
                    inner, called = child, ast.unparse(getattr(child, "targets", [child])[0])[:40]
                if here is not None and inner is not None:
                    found.append(Node(node, field, place, here, inner, called))
                walk(child, here, inner, called)

    walk(tree, None, None, "")
    return found


@cache
def nodes_of(source: str) -> list[Node]:
    """All nodes of a source, which are not to be changed."""
    return nodes(ast.parse(source))


def mutants_of(file: str) -> list[Mutant]:
    """All mutants of a file."""
    made: list[Mutant] = []
    seen: dict[int, tuple[str, int]] = {}
    for number, node in enumerate(nodes_of((ROOT / file).read_text())):
        if id(node.scope) not in seen:
            seen[id(node.scope)] = ast.dump(node.scope), number
        dump, first = seen[id(node.scope)]
        for way, _ in enumerate(changes(node.get())):
            told = f"{file} {node.name} {dump} {number - first} {way}"
            key = hashlib.sha256(told.encode()).hexdigest()[:12]
            line = getattr(node.get(), "lineno", node.statement.lineno)
            made.append(Mutant(key, file, line, node.name, number, way))
    return made


def apart(before: str, after: str) -> tuple[str, str]:
    """The first line that differs, before and after; of a long one what lies around the difference."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    old, new = next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))
    if max(len(old), len(new)) <= 2 * AROUND:
        return old, new
    start = alike(old, new)
    same = alike(old[start:][::-1], new[start:][::-1])
    first, left = max(0, start - AROUND), max(0, same - AROUND)
    ends = ("…" if first else "", "…" if left else "")
    return tuple(ends[0] + text[first : len(text) - left] + ends[1] for text in (old, new))  # type: ignore[return-value]


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
