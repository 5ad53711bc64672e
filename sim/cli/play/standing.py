"""Where things stand on the screen of a seat: what everybody sees of the world, and what an actor sees of itself."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from sim.replay.words import counted
from sim.wording import RUNG_NAMES, percent


def world_lines(seen: dict[str, float], outside: Mapping[str, float], places: Collection[str]) -> list[str]:
    """What everybody sees.

    Parameters
    ----------
    seen : what the seat sees
    outside : levels of the outside drivers, by what they are called
    places : roles of the countries that there are
    """
    attacks = {
        place: int(seen[f"attacks_{place}"]) for place in ("iraq", "syria", "jordan") if place in places
    }
    where = ", ".join(f"{place.capitalize()} {count}" for place, count in attacks.items())
    levels = "".join(f"{name} {level:.2f}, " for name, level in outside.items())
    wounded, killed = (int(seen[n] + seen[f"{n}_today"]) for n in ("wounded", "killed"))
    strikes, rung = int(seen["strikes"] + seen.get("struck_today", 0)), int(seen["rung"])
    talks = ("no talks on a withdrawal", "talks on a withdrawal", "a withdrawal is ordered")
    bargain = "a bargain of Baghdad's stands" if seen["bargain_stands"] else "no bargain stands"
    return [
        f"  So far: {counted(sum(attacks.values()), 'attack')} ({where}), US {wounded} wounded and {killed} killed; "
        f"{counted(strikes, 'US strike')}; "
        f"{counted(int(seen['answers']), 'open answer')} by Iran; rung {rung} ({RUNG_NAMES[rung]})",
        f"  Outside, 0 to 1: {levels}US diplomacy in Baghdad {seen['diplomacy']:.2f}, US reinforcement "
        f"{seen['posture']:.2f}. US troops {seen['troops']:.2f} of those of October 2023",
        f"  Iraq: {bargain}; {talks[int(seen['withdrawal'])]}",
    ]


def _washington(seen: dict[str, float]) -> list[str]:
    tested = (
        "your own recent strikes put your word on trial" if seen["commitment"] > 0.1 else "no recent strikes"
    )
    return [
        f"  You: pressure to act {seen['pressure']:.1f} logits, {seen['unanswered']:.1f} killed not yet answered; "
        f"{_own_course(seen)}",
        f"  Once ready, the model would make a strike one of level 3 or more with a chance of "
        f"{percent(seen['would_be_hard'])}, and a hard one a strike on Iran with {percent(seen['would_hit_iran'])}",
        f"  You are {_degree(seen['credibility'])} believed ({seen['credibility']:.2f} of 1); {tested} "
        f"({seen['commitment']:.2f})",
    ]


def _own_course(seen: dict[str, float]) -> str:
    """What Washington by itself is about to do."""
    chance, step = percent(seen["next_step"]), int(seen["step"])
    if not seen["provoked"]:
        return "there is nothing for a strike to answer, so that by itself Washington decides on none"
    if step == 0:
        return f"by itself Washington would decide on a strike today with a chance of {chance}"
    what = "a strike" if step <= 2 else "a hard strike"
    done = "would have it ready today" if step in (2, 4) else "would be half ready today"
    return f"by itself Washington prepares {what}, and {done} with a chance of {chance}; any order ends that"


def _baghdad(seen: dict[str, float]) -> list[str]:
    return [
        f"  You: political capital {seen['capital']:.2f} of 1, strain {seen['strain']:.2f} of 1, bargain with the "
        f"militias {seen['bargain']:.2f} of 1",
        f"  By itself Baghdad would press today with a chance of {percent(seen['would_press'])}{_threat(seen)}",
    ]


def _threat(seen: dict[str, float]) -> str:
    return "; Washington is seen to prepare a hard strike" if seen["threat"] else ""


def _tehran(seen: dict[str, float]) -> list[str]:
    stance = seen["stance"]
    word = "restrains" if stance > 0.2 else "urges on" if stance < -0.2 else "neither urges nor restrains"
    last = (
        f"  By itself Tehran would answer this strike with a chance of {percent(seen['would_answer'])}"
        if seen["last_level"] >= 3
        else "  By itself Tehran would not answer today: it answers strikes of level 3 or 4"
    )
    return [
        f"  You: your stance {word} the militias ({stance:+.2f} from -1 to 1); fear of war "
        f"{seen['war_fear']:.2f} of 1, grievance {seen['grievance']:.2f} of 1{_threat(seen)}",
        last,
    ]


def _militia(seen: dict[str, float]) -> list[str]:
    rate = math.exp(seen["will"])
    mood = _pause(seen) if seen["pause_by"] else "you campaign, and no pause stands"
    return [
        f"  You: {mood}; will to fight {seen['will']:+.2f} ({rate:.2f} times the attacks of 17 October 2023); "
        f"stocks for {int(seen['stocks'])} attacks, at most {int(seen['capacity'])} a day",
        f"  Anger {seen['anger']:.2f}, fear {seen['fear']:.2f}, what Baghdad's bargain asks of you "
        f"{seen['restraint']:.2f}, autonomy from Tehran {seen['autonomy']:.2f}, of 1 each",
    ]


def _pause(seen: dict[str, float]) -> str:
    how = ("", "by the groups together", "at Tehran's word", "under Baghdad's bargain")[int(seen["pause_by"])]
    word = (
        "which you heed, so that hardly an attack leaks" if seen["standing_down"] else "which you do not heed"
    )
    return f"a pause stands, declared {counted(int(seen['pause_days']), 'day')} ago {how}, {word}"


OWN = {"us": _washington, "iraq": _baghdad, "iran": _tehran, "militia": _militia}
"""What an actor sees of itself, by kind of seat."""


def _degree(share: float) -> str:
    return "hardly" if share < 0.25 else "in part" if share < 0.6 else "mostly" if share < 0.9 else "fully"
