"""A report read as a browser reads it: elements, texts, tables, and the data that it holds."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "br", "link", "input", "img", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        found = []
        for part in self.inside:
            if isinstance(part, Element):
                named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
                if tag in ("", part.tag) and named.items() <= part.attributes.items():
                    found.append(part)
                found += part.all(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes: str) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].inside.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.stack[-1].inside.append(data)


@dataclass
class Read:
    source: str
    root: Element

    @property
    def elements(self) -> list[Element]:
        return self.root.all()

    @property
    def said(self) -> list[str]:
        return [
            paragraph.text
            for paragraph in self.root.one("section", id="answer").one("div", class_="said").all("p")
        ]

    def table(self, caption: str) -> list[list[str]]:
        """Texts of the cells of the table whose caption begins so, without the lines under them."""
        (table,) = [t for t in self.root.all("table") if t.one("caption").text.startswith(caption)]
        return [
            [_own(cell) for cell in row.all("th") + row.all("td")] for row in table.one("tbody").all("tr")
        ]

    @property
    def points(self) -> dict[str, Any]:
        """What the levers of a sweep's report move through."""
        return dict(json.loads(self.root.one("script", id="explorer-points").text))


def _own(cell: Element) -> str:
    parts = [p if isinstance(p, str) else "" for p in cell.inside]
    return "".join(parts).replace("\u00a0", " ").strip()


def read(source: str) -> Read:
    tree = _Tree()
    tree.feed(source)
    tree.close()
    assert [one.tag for one in tree.stack] == ["document"]
    return Read(source, tree.stack[0])
