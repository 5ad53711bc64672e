"""A typical run and the worst, lived again: the only thing in a report that is not read from the answer."""

from __future__ import annotations

from typing import Any

from sim.pipeline.answers import Answer
from sim.pipeline.provenance import posteriors_of
from sim.replay.log import log_of
from sim.replay.outcome import footnotes, summary_lines
from sim.replay.picking import SEARCHED, pick_run, picked_text
from sim.replay.replay import replay
from sim.replay.story import story_of
from sim.report.figures.page import retold
from sim.report.figures.style import style
from sim.report.figures.trace.timeline import draw
from sim.report.html.page import Block, Life, Prose
from sim.report.html.svg import picture_of
from sim.simulate.fingerprint import fingerprint
from sim.simulate.job import Job, make_job, with_posterior
from sim.simulate.posterior import load_posterior

PICKED = {"median": "A typical run", "worst": "The worst run"}


def lives(answer: Answer[Any]) -> list[Block]:
    """Two runs of an answer; or why they cannot be opened."""
    if (reason := why_not(answer)) is not None:
        return [Prose((f"No run is opened here: {reason}.",))]
    job = _job(answer)
    searched = min(SEARCHED, int(answer.manifest["runs"]))
    return [_life(job, how, heading, searched) for how, heading in PICKED.items()]


def why_not(answer: Answer[Any]) -> str | None:
    """Why runs of an answer would not come out as they did, if they would not."""
    made = answer.manifest.get("job", {})
    if made.get("made_by", {}).get("arithmetic") != fingerprint()["arithmetic"]:
        return "the result was made by another version of the model, or its runs come out otherwise here"
    if answer.finding.fits:
        return (
            "outside pressures were given, which the result does not keep" if answer.finding.given else None
        )
    kept = posteriors_of(str(answer.manifest["parameters"]))
    if any(made.get(name) != value for name, value in kept.items()):
        return "the fitted parameters are others by now"
    return None


def _job(answer: Answer[Any]) -> Job:
    if not answer.finding.fits:
        return make_job(answer.scenario, answer.manifest["parameters"])
    return with_posterior(make_job(answer.scenario, "prior"), load_posterior(answer.folder))


def _life(job: Job, how: str, heading: str, searched: int) -> Block:
    run = pick_run(job, how, searched)
    played = replay(job, run)
    log, scenario = log_of(played), job.scenario
    with style():
        picture = picture_of(retold(draw(played, log)), f"run-{how}")
    return Life(
        heading,
        picked_text(how, run, searched, scenario.headline),
        tuple(story_of(log, scenario, run)),
        tuple(summary_lines(log, scenario)),
        tuple(footnotes(log, scenario)),
        picture,
    )
