"""The parts of a day, each compiled by itself, for those who go through it part by part: the Mesa model and the replay.

Every function is the one of the same name in `sim.core.day`. It takes its records as arrays of one, since the compiler
takes an array in a tenth of the time that it takes a record: `worlds` of WORLD, `days` of DAY, `settings` of SETTING,
`rows` of PARAMETERS, all plain arrays as `sim.replay.replay` gives them.
"""

from sim.core.day import (
    baghdad,
    consequences,
    engagement,
    militias,
    order,
    pause,
    record,
    steps,
    tehran,
    washington,
)
from sim.core.jit import entry


def alone(phase):
    """Compile a whole phase of the day by itself."""

    @entry
    def live(worlds, days, settings, rows, random_seed):
        phase(worlds[0], days[0], settings[0], rows[0], steps.seed_today(worlds[0], days[0], random_seed))

    return live


PHASES = {phase.__name__: alone(phase) for phase in order.PHASES}
"""The phases of a day by name, in their order."""


def of_militia(part):
    """Compile what one militia does of a phase by itself."""
    acts = steps.alone_of_militia(part)

    @entry
    def live(worlds, days, settings, rows, random_seed, i):
        seed = steps.seed_today(worlds[0], days[0], random_seed)
        acts(worlds[0], days[0], settings[0], rows[0], seed, i)

    return live


tehran_moves, tehran_answers = PHASES["tehran_moves"], PHASES["tehran_answers"]
baghdad_presses, bargain_is_tested = PHASES["baghdad_presses"], PHASES["bargain_is_tested"]
washington_weighs, washington_chooses = PHASES["washington_weighs"], PHASES["washington_chooses"]


@entry
def washington_responds(worlds, days, settings, rows, random_seed):
    """Washington weighs the day's harm, and decides, prepares, strikes or holds."""
    washington_weighs(worlds, days, settings, rows, random_seed)
    washington_chooses(worlds, days, settings, rows, random_seed)


# What single actors do in a phase


pause_begins_or_ends = alone(steps.alone(pause.PAUSE_BEGINS_OR_ENDS))
militia_acts, attacks_of_militia = (
    of_militia(militias.MILITIA_ACTS),
    of_militia(engagement.ATTACKS_OF_MILITIA),
)


@entry
def impulse_comes(worlds, days, settings, rows, random_seed):
    """All militias share an impulse today, which multiplies their rates."""
    militias.impulse_comes(worlds[0], rows[0], steps.seed_today(worlds[0], days[0], random_seed))


@entry
def war_is_over(worlds, settings):
    return record.war_is_over(worlds[0], settings[0])


@entry
def war_goes_on(worlds, days):
    record.war_goes_on(worlds[0], days[0])


@entry
def militia_weighs(worlds, days, settings, rows, i):
    militias.militia_weighs(worlds[0], days[0], settings[0], rows[0], i)


@entry
def tehran_takes_it(worlds, rows):
    consequences.tehran_takes_it(worlds[0], rows[0])


@entry
def baghdad_takes_it(worlds, days, rows, random_seed):
    consequences.baghdad_takes_it(worlds[0], rows[0], steps.seed_today(worlds[0], days[0], random_seed))


@entry
def militia_takes_it(worlds, rows, i):
    consequences.militia_takes_it(worlds[0], rows[0], i)


@entry
def militia_forgets(worlds, rows, i):
    consequences.militia_forgets(worlds[0], rows[0], i)


@entry
def washington_forgets(worlds, rows):
    consequences.washington_forgets(worlds[0], rows[0])


@entry
def baghdad_forgets(worlds, rows):
    consequences.baghdad_forgets(worlds[0], rows[0])


@entry
def tehran_forgets(worlds, rows):
    consequences.tehran_forgets(worlds[0], rows[0])


# What it is decided by; these change nothing


@entry
def will_of(worlds, days, settings, rows, i):
    return militias.will_of(worlds[0], days[0], settings[0], rows[0], i)


@entry
def rates_to_pause(worlds, rows):
    """Daily rates at which the groups, Tehran and Baghdad's bargain have a pause declared."""
    return (
        pause.rate_of_groups(worlds[0], rows[0]),
        pause.rate_of_tehran(worlds[0], rows[0]),
        pause.rate_of_baghdad(worlds[0], rows[0]),
    )


@entry
def rate_to_return(worlds, settings, rows):
    return pause.rate_to_return(worlds[0], settings[0], rows[0])


@entry
def rate_to_join(rows, pausing):
    return pause.rate_to_join(rows[0], pausing)


@entry
def chance_to_heed(worlds, settings, rows, i):
    return pause.chance_to_heed(worlds[0], settings[0], rows[0], i)


@entry
def reach_of(worlds, settings, rows, i):
    return engagement.reach_of(worlds[0], settings[0], rows[0], i)


@entry
def intent_of(worlds, settings, rows, i):
    return engagement.intent_of(worlds[0], settings[0], rows[0], i)


@entry
def attack_of(worlds, days, settings, rows, random_seed, i, item):
    world, today, seed = worlds[0], days[0], steps.seed_today(worlds[0], days[0], random_seed)
    return engagement.attack_of(world, today, settings[0], rows[0], seed, i, item)


@entry
def munition_of(worlds, days, settings, rows, random_seed, i, item):
    """The site of an attack, and whether it gets through."""
    world, militia, seed = worlds[0], worlds[0].militias[i], steps.seed_today(worlds[0], days[0], random_seed)
    ordered = days[0].orders[i].site
    return engagement.engage(
        world, settings[0], rows[0], seed, militia.actor_id, item, militia.syria, ordered
    )


@entry
def chance_to_get_through(worlds, settings, rows, site):
    return engagement.chance_to_get_through(worlds[0], settings[0], rows[0], site)


@entry
def chance_of_pressing(worlds, days, rows):
    return baghdad.chance_of_pressing(worlds[0], days[0], rows[0])


@entry
def goal_of_stance(worlds, days, settings, rows):
    return tehran.goal_of_stance(worlds[0], days[0], settings[0], rows[0])


@entry
def chance_of_answer(worlds, rows):
    return tehran.chance_of_answer(worlds[0], rows[0])


@entry
def chance_of_next_step(worlds, rows, step):
    return washington.chance_of_next_step(worlds[0], rows[0], step)


@entry
def provoked_today(worlds, rows):
    return washington.provoked_today(worlds[0], rows[0])


@entry
def held_back(worlds, rows):
    return washington.held_back(worlds[0], rows[0])


@entry
def chance_of_hard_strike(worlds, rows):
    return washington.chance_of_hard_strike(worlds[0], rows[0])


@entry
def chance_of_strike_on_iran(worlds, rows):
    return washington.chance_of_strike_on_iran(worlds[0], rows[0])


@entry
def chance_inside_iraq(worlds, rows):
    return washington.chance_inside_iraq(worlds[0], rows[0])
