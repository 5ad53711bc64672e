"""Scenarios: YAML files, one a question, read into frozen records; every input error is raised here."""

from sim.scenario.actions import Action, History
from sim.scenario.actors import Actors, Militia, Parameters, Site, militia_id
from sim.scenario.drivers import Driver, Drivers, Knot, Shock
from sim.scenario.dumping import dump_resolved
from sim.scenario.errors import ScenarioError
from sim.scenario.loading import AvailableScenario, available_scenarios, load_scenario
from sim.scenario.priors import OwnPrior
from sim.scenario.reference import ReferenceClass
from sim.scenario.schema import Ladder, RungSpiral, Scenario, Spirals
from sim.scenario.varying import Variations, with_parameters

__all__ = [
    "Action",
    "Actors",
    "AvailableScenario",
    "Driver",
    "Drivers",
    "History",
    "Knot",
    "Ladder",
    "Militia",
    "OwnPrior",
    "Parameters",
    "ReferenceClass",
    "RungSpiral",
    "Scenario",
    "ScenarioError",
    "Shock",
    "Site",
    "Spirals",
    "Variations",
    "available_scenarios",
    "dump_resolved",
    "load_scenario",
    "militia_id",
    "with_parameters",
]
