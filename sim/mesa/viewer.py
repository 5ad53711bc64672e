"""One run in Mesa's viewer, SolaraViz: step it day by day, set levers, and see the campaign grow.

Needs the extra `viewer`. `python -m sim.mesa.serve` serves it; see docs/howto/extend-with-mesa.md.
"""

from __future__ import annotations

import math
import shlex
import warnings
from typing import Any, get_args

import solara
import solara.checks
import solara.server.settings
import solara.server.telemetry

from sim.mesa.drawn import pressures_figure, rungs_figure, weeks_figure
from sim.mesa.model import EscalationModel
from sim.mesa.shown import acts_of, day_of, html_of
from sim.parameters import REGISTRY
from sim.parameters.titles import SHOWN, TITLES
from sim.scenario import load_scenario
from sim.scenario.given import fixed_by
from sim.simulate.job import Parameters, make_job

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*found despite early return")  # in a component of Mesa's
    from mesa.visualization import SolaraViz

# Solara tells its makers that it is used: the kernel asks a server on the web for its address, the page another.
solara.server.settings.telemetry.mixpanel_enable = False
solara.server.telemetry.jupyter_start = lambda: None
solara.checks.should_perform_jupyter_check = lambda: False

MASS = 0.98
"""Share of the prior that a slider covers."""
PLACES = 40
"""Places of a slider, at least."""
MOST_ON_SLIDER = 199
"""Last run of the slider; a greater one can be begun with."""
STYLE = """
.v-input__slider .v-input__slot { flex-wrap: wrap; }
.v-input__slider .v-label { width: 100%; height: auto !important; }
.v-card__title { word-break: normal; }
.spiral-state table { margin-bottom: 1em; }
.spiral-state { font-size: small; }
.spiral-state :is(td, th) { padding-right: 1em; text-align: left; }
.spiral-state td:first-child { white-space: nowrap; }
"""
"""Labels above their sliders, so that both can be long; titles that break between words."""
APART = {"display": "block", "margin-top": "1em"}


class ViewedModel(EscalationModel):
    """A run whose levers are named one by one, as the viewer hands them over when it begins a run anew.

    Parameters
    ----------
    scenario : str
        Name or path.
    run : int
    parameters : 'posterior', 'last-article', 'prior' or 'default'
    **kwargs : float
        Levers by registry name. One that stands where its slider began is left as the scenario has it, and drawn where
        that draws it; any other is held, as by ``--set``.

    Raises
    ------
    ScenarioError, NoPosterior, ValueError
        As of `EscalationModel` and `make_job`, in one line.
    """

    def __init__(
        self, scenario: str, run: int = 0, parameters: Parameters = "posterior", **kwargs: float
    ) -> None:  # Mesa looks for a parameter of the name kwargs
        begin = beginnings(scenario)
        moved = {name: value for name, value in kwargs.items() if value != begin[name]}
        settings = [f"{name}={value:.6g}" for name, value in moved.items()]
        super().__init__(make_job(load_scenario(scenario, settings), parameters), run)
        words = ["spiral", "trace", scenario, "--run", str(run), "--parameters", parameters, "--story"]
        self.command = shlex.join([*words, *(word for text in settings for word in ("--set", text))])

    def step(self) -> None:
        """Live one day; after the last one nothing, since several days a step may lead past it."""
        if self.running:
            super().step()
        else:
            self.steps = self.days  # Mesa has counted the step already


def beginnings(scenario: str) -> dict[str, float]:
    """Where the slider of each lever begins: at what the scenario holds it at, else at the default."""
    fixed = fixed_by(load_scenario(scenario))
    return {name: _rounded(fixed.get(name, REGISTRY[name].default), _step(name)) for name in SHOWN}


def sliders(scenario: str, run: int, parameters: Parameters) -> dict[str, Any]:
    """The inputs of the page, as Mesa's viewer takes them, by argument of `ViewedModel`."""
    found: dict[str, Any] = {
        "scenario": scenario,
        "run": {
            "type": "SliderInt",
            "label": "Run",
            "value": run,
            "min": 0,
            "max": max(MOST_ON_SLIDER, run),
            "step": 1,
        },
        "parameters": {
            "type": "Select",
            "label": "Parameters",
            "value": parameters,
            "values": list(get_args(Parameters)),
        },
    }
    for name, begin in beginnings(scenario).items():
        low, high = REGISTRY[name].interval(MASS)
        step = _step(name)
        found[name] = {
            "type": "SliderFloat",
            "label": f"{TITLES[name]} ({name}, {REGISTRY[name].unit})",
            "value": begin,
            "min": min(_rounded(low, step), begin),
            "max": max(_rounded(high, step), begin),
            "step": step,
        }
    return found


def page(scenario: str = "october-2023", run: int = 0, parameters: Parameters = "posterior") -> Any:
    """The viewer of one run, to stand at the end of a notebook's cell or to be served.

    Parameters
    ----------
    scenario : str
        Name or path.
    run : int
        Run to begin with.
    parameters : 'posterior', 'last-article', 'prior' or 'default'

    Raises
    ------
    ScenarioError, NoPosterior, ValueError
        When there is no such run; the message is one line.
    """
    check(scenario, run, parameters)
    return Viewer(scenario, run, parameters)


def check(scenario: str, run: int, parameters: Parameters) -> None:
    """Live a first day, which compiles it; raises what `page` raises, before there is a page."""
    ViewedModel(scenario, run, parameters).step()


@solara.component
def Viewer(scenario: str, run: int, parameters: Parameters) -> None:
    """A reader's own model in Mesa's viewer: another reader's steps do not move it."""
    model = solara.use_memo(lambda: ViewedModel(scenario, run, parameters), [scenario, run, parameters])
    inputs = solara.use_memo(lambda: sliders(scenario, run, parameters), [scenario, run, parameters])
    parts = solara.use_memo(lambda: [(Day, 0), (Weeks, 0), (Rungs, 0), (Pressures, 0), (State, 1)], [])
    solara.Style(STYLE)
    SolaraViz(model, components=parts, model_params=inputs, name=f"Spiral: {scenario}")


def Day(model: ViewedModel) -> Any:
    """The acts of the day that was lived last, and the command that tells why."""
    with solara.Card(day_of(model)) as card:
        for act in acts_of(model):
            solara.Text(act, style={"display": "block"})
        solara.Text("All of this run, with the reasons of each act:", style=APART)
        solara.Text(model.command, style={"font-family": "monospace", "font-size": "small"})
        solara.Text("What is set to the left holds from Reset on, which begins the run anew.", style=APART)
    return card


def Weeks(model: ViewedModel) -> Any:
    """Attacks a week."""
    return solara.FigureMatplotlib(weeks_figure(model), format="png")


def Rungs(model: ViewedModel) -> Any:
    """The ladder by day."""
    return solara.FigureMatplotlib(rungs_figure(model), format="png")


def Pressures(model: ViewedModel) -> Any:
    """What presses the governments."""
    return solara.FigureMatplotlib(pressures_figure(model), format="png")


def State(model: ViewedModel) -> Any:
    """What a notebook shows of the model: the last days, and what every actor is in."""
    return solara.HTML(unsafe_innerHTML=html_of(model), classes=["spiral-state"])


def _step(name: str) -> float:
    """Step of a lever's slider, in its unit: a power of ten, or two or five of one."""
    low, high = REGISTRY[name].interval(MASS)
    power = 10.0 ** math.floor(math.log10((high - low) / PLACES))
    return max(m * power for m in (1, 2, 5) if m * power <= (high - low) / PLACES)


def _rounded(value: float, step: float) -> float:
    return float(f"{round(value / step) * step:.10g}")
