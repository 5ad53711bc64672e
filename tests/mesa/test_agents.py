"""Agents of the Mesa model: orders given to them, and classes of one's own in their places."""

import copy
import pickle

import mesa
import pytest

from sim.core.state import IRAN_PLACE, IRAQ_PLACE, SYRIA_PLACE
from sim.mesa.agents import Iran, Militia, UnitedStates
from sim.mesa.model import EscalationModel
from sim.replay.replay import replay
from tests.mesa.models import EVENTFUL, end_of, numbers

# Orders


def test_washington_does_as_it_is_ordered_on_that_day_alone(model):
    model.us.order(level=2, place="iraq")
    model.step()
    assert (model.us.record.level, model.us.record.place) == (2, IRAQ_PLACE)
    assert model.today["level"][0] == -1


@pytest.mark.parametrize(
    ("order", "level", "place"),
    [
        ({"level": 1}, 1, SYRIA_PLACE),
        ({"level": 3, "place": "iraq"}, 3, IRAQ_PLACE),
        ({"level": 4}, 4, IRAN_PLACE),
        ({"level": 4, "place": "iran"}, 4, IRAN_PLACE),
        ({"level": 0}, 0, SYRIA_PLACE),
    ],
)
def test_washington_strikes_where_it_is_ordered(model, order, level, place):
    model.us.order(**order)
    model.step()
    assert (model.us.record.level, model.us.record.place) == (level, place)


def test_a_militia_does_as_it_is_ordered(model):
    badr = model.militias[3]
    badr.order(attacks=2, site="tower-22", killed=1, wounded=7)
    for other in model.militias[:3]:
        other.order(attacks=0)
    model.step()
    events = model.world["today"][0]
    assert (events["attacks"], events["wounded"], events["killed"]) == (2, 7, 1)
    assert (model.outcome.attacks_jordan, events["killer"]) == (2, badr.record.actor_id)


def test_baghdad_and_tehran_do_as_they_are_ordered(model):
    model.iraq.order(press=True)
    model.iran.order(answer=True)
    model.step()
    assert (model.outcome.bargains, model.world["today"]["avowed"][0]) == (1, 1)
    model.iraq.order(press=False)
    model.iran.order(answer=False)
    model.us.order(level=4)
    model.step()
    assert (model.outcome.bargains, model.world["today"]["avowed"][0]) == (1, 0)


def test_an_order_to_strike_as_it_does_anyway_changes_nothing(job):
    """On days without a strike it is not ordered: an order to hold would drop what it prepares."""
    evenings = replay(job, EVENTFUL).evenings["us"]
    assert set(evenings["level"]) <= {
        0,
        1,
        2,
    }  # of a hard one an order leaves open whether it kills a commander

    class Repeats(UnitedStates):
        def respond(self) -> None:
            today = evenings[self.model.steps - 1]
            if today["level"]:
                self.order(level=int(today["level"]), place=("iraq", "syria")[today["place"]])
            super().respond()

    model = EscalationModel(job, EVENTFUL, agents={UnitedStates: Repeats})
    model.run_model()
    assert model.outcome.strikes.sum() > 0
    assert numbers(model.world) == end_of(job, EVENTFUL)


def test_an_order_to_hold_drops_what_it_prepares(job):
    model = EscalationModel(job, EVENTFUL)
    model.us.record.step, model.us.record.provoked, model.us.record.provoked_day = 1, 1, 0
    model.us.order(level=0)
    model.step()
    assert (model.us.record.step, model.us.record.level) == (0, 0)


@pytest.mark.parametrize(
    ("who", "order", "told"),
    [
        ("us", {"level": 5}, "level: 5 is not a whole number from 0 to 4"),
        ("us", {"level": -1}, "level: -1"),
        ("us", {"level": 1.0}, "level: 1.0"),
        ("us", {"level": 1, "place": "jordan"}, "place: 'jordan' is not one of iraq, syria, iran"),
        ("us", {"level": 3, "place": "iran"}, "level 4 only"),
        ("us", {"place": "iran"}, "level 4 only"),
        ("iraq", {"press": 2}, "press: 2"),
        ("iran", {"answer": "yes"}, "answer: 'yes'"),
        ("badr", {"attacks": 31}, "attacks: 31"),
        ("badr", {"attacks": 1, "site": "atlantis"}, "site: 'atlantis' is not one of al-asad"),
        ("badr", {"killed": 41}, "killed: 41"),
        ("badr", {"wounded": 201}, "wounded: 201"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_leaves_the_day_as_it_was(model, who, order, told):
    (agent,) = model.agents.select(lambda a: a.name == who)
    before = numbers(model.today)
    with pytest.raises(ValueError, match=told):
        agent.order(**order)
    assert numbers(model.today) == before


# Agents of one's own


class Doves(UnitedStates):
    def respond(self) -> None:
        self.order(level=0)
        super().respond()


class Fearless(Militia):
    def weigh(self) -> None:
        self.record.fear = 0.0
        super().weigh()


def test_a_class_of_ones_own_takes_the_place_of_a_class(job):
    model = EscalationModel(job, EVENTFUL, agents={UnitedStates: Doves})
    model.run_model()
    assert type(model.us) is Doves
    assert model.outcome.strikes.sum() == 0
    assert replay(job, EVENTFUL).outcome["strikes"].sum() > 0


def test_a_class_of_ones_own_takes_the_place_of_one_agent(job):
    model = EscalationModel(job, EVENTFUL, agents={"badr": Fearless})
    assert [type(m) for m in model.militias] == [Militia, Militia, Militia, Fearless]
    model.militias[3].order(attacks=1, killed=3)
    fears = {m.name: [] for m in model.militias}
    while model.running:
        model.step()
        for militia in model.militias:
            fears[militia.name].append(militia.record.fear)
    assert all(max(each) > 0.01 for each in fears.values())
    # Who forgets its fear every morning has more of it on no day than a strike of that day gave.
    assert sum(fears["badr"]) < min(sum(each) for name, each in fears.items() if name != "badr")


def test_agents_and_reporters_of_ones_own_are_collected_beside_ours(job):
    class Observer(mesa.Agent):
        pass

    model = EscalationModel(job)
    Observer(model)
    model.datacollector = mesa.DataCollector(
        model_reporters={"worst": lambda m: max(a.record.anger for a in m.militias)},
        agent_reporters=model.datacollector.agent_reporters,
    )
    model.run_for(3)
    assert model.datacollector.get_model_vars_dataframe()["worst"].tolist()[0] == 0.0
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame.loc[(3, 8)].isna().all()


@pytest.mark.parametrize(
    ("agents", "told"),
    [
        ({"the-moon": Militia}, "'the-moon' is no agent"),
        ({mesa.Agent: Militia}, "'Agent' is no agent"),
        ({Iran: Doves}, "must be a subclass"),
        ({"badr": Doves}, "must be a subclass"),
        ({UnitedStates: 3}, "must be a subclass"),
    ],
)
def test_classes_that_do_not_fit_are_refused(job, agents, told):
    with pytest.raises(ValueError, match=told):
        EscalationModel(job, agents=agents)


def test_an_agent_cannot_be_removed_and_a_model_not_copied(model):
    with pytest.raises(TypeError, match="badr cannot be removed"):
        model.militias[3].remove()
    for how in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be copied"):
            how(model)
