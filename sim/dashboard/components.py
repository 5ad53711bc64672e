"""Parts of a page that Panel has not: levers with their sources, files to take along, acts, and a form for one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


def style_of(name: str) -> str:
    """A style sheet of this package."""
    return (HERE / name).read_text(encoding="utf-8")


class Levers(JSComponent):
    """Sliders of a few parameters, and a search over all.

    Attributes
    ----------
    levers : as `sim.dashboard.levers.levers_of` gives them
    held : values that a reader has set, by name; not to be trusted
    address : what stands behind the page's path in the browser's address
    """

    levers = param.List(default=[])
    held = param.Dict(default={})
    address = param.String(default="")

    _esm = style_of("levers.js")
    _stylesheets: ClassVar = [style_of("levers.css")]


class Files(JSComponent):
    """Buttons by which files are made and taken along.

    Attributes
    ----------
    offers : key and label of each
    wanted : the key that was asked for last, and when; not to be trusted
    state : what is being made, or why it could not be
    file : name, kind and content (base64) of the last one
    """

    offers = param.List(default=[])
    wanted = param.String(default="")
    state = param.String(default="")
    file = param.Dict(default={})

    _esm = style_of("files.js")
    _stylesheets: ClassVar = [
        style_of("levers.css") + ".files button { margin: 0 .3rem .35rem 0; } p { margin: .2rem 0; }"
    ]


class Acts(JSComponent):
    """A list of things to do, each with a button, and perhaps a choice of how.

    Attributes
    ----------
    in_row : whether they stand beside one another
    heading, note : above the list
    items : each with `text`, `label` of its button and `choices`, which may be empty
    chosen : number of an item and of its choice, and when; not to be trusted
    """

    in_row = param.Boolean(default=False)
    heading = param.String(default="")
    note = param.String(default="")
    items = param.List(default=[])
    chosen = param.List(default=[])

    _esm = style_of("acts.js")
    _stylesheets: ClassVar = [style_of("acts.css")]


class Imposer(JSComponent):
    """A form by which an act is imposed in every run.

    Attributes
    ----------
    offers : as `sim.dashboard.imposing.offers_of` gives them
    wanted : what was chosen last, by field, and when; not to be trusted
    told : what became of it: its `text`, the `field` that is wrong, if any, and whether it is `good`
    """

    offers = param.Dict(default={})
    wanted = param.Dict(default={})
    told = param.Dict(default={})

    _esm = style_of("imposer.js")
    _stylesheets: ClassVar = [style_of("imposer.css")]
