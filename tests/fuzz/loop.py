"""The loop: cases in chunks, each from its own seed, so that a run that was stopped goes on with the next chunk."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.fuzz.measuring import Cost, measured
from tests.fuzz.target import IN_MEMORY, Target, Wrong, quietly, site_of

FOUND = Path(__file__).parent / "found"


@dataclass
class Tally:
    """What came of the cases of a target so far."""

    chunks: int = 0
    tried: int = 0
    taken: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    most_memory: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    """Files of found cases by what was wrong."""

    @classmethod
    def read(cls, file: Path) -> Tally:
        """As it was kept; empty where there is none."""
        if not file.is_file():
            return cls()
        told = json.loads(file.read_text())
        return cls(**{**told, "outcomes": Counter(told["outcomes"])})

    def keep(self, file: Path) -> None:
        """Keep it, whole or not at all."""
        draft = file.with_suffix(".draft")
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(vars(self), indent=1))
        draft.replace(file)


class Failed(AssertionError):
    """A case that is not as it must be, for Hypothesis to make smaller."""


@dataclass
class Loop:
    """Cases of one target.

    Attributes
    ----------
    target : what is fuzzed
    tally : what came of it so far
    found : folder of failures
    first_seed : of the first chunk
    """

    target: Target
    tally: Tally
    found: Path
    first_seed: int = 0

    def chunk(self, cases: int) -> None:
        """Try the cases of the next chunk; the smallest of those that fail in a new way is kept."""
        began, last = time.monotonic(), {}

        def one(case: Any) -> None:
            wrong, outcome = self.one(case)
            if wrong and wrong not in self.tally.failures:
                last.update(case=case, wrong=wrong)
                raise Failed(wrong)
            if not wrong:
                self.tally.outcomes[outcome] += 1
                self.tally.taken += any(word in outcome.split(" ") for word in TAKEN)

        quiet = settings(
            max_examples=cases, database=None, deadline=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False, verbosity=Verbosity.quiet,
            derandomize=False,
        )  # fmt: skip
        try:
            seed(self.first_seed + self.tally.chunks)(quiet(given(self.target.cases)(one)))()
        except BaseException as error:  # Hypothesis raises what it likes; a case that failed was noted
            if not last or isinstance(error, KeyboardInterrupt):
                raise
            self.note(last["case"], last["wrong"])
        self.tally.chunks += 1
        self.tally.seconds += time.monotonic() - began

    def retry(self) -> None:
        """Try again what failed, and count what has been mended."""
        for wrong, name in list(self.tally.failures.items()):
            file = self.found / self.target.name / name
            if file.is_file() and not self.one(self.target.again(file.read_bytes()))[0]:
                del self.tally.failures[wrong]
                self.tally.mended += 1

    def one(self, case: Any) -> tuple[str, str]:
        """Read one case: what is wrong, or what came of it."""
        self.tally.tried += 1
        found, cost = self._read(case)
        wrong = self.wrong(found, cost)
        if wrong.startswith(COSTS):  # a busy machine and the first call of all make a call dear once
            found, again = self._read(case)
            cost = Cost(min(cost.cpu, again.cpu), min(cost.memory, again.memory))
            wrong = self.wrong(found, cost)
        if not wrong and found not in self.target.dear:
            self.tally.slowest = max(self.tally.slowest, cost.cpu)
            self.tally.most_memory = max(self.tally.most_memory, cost.memory)
        return wrong, found if isinstance(found, str) else ""

    def _read(self, case: Any) -> tuple[str | BaseException, Cost]:
        with tempfile.TemporaryDirectory(prefix="fuzz-", dir=IN_MEMORY) as folder:
            return measured(lambda: self.target.read(case, Path(folder)))

    def wrong(self, found: str | BaseException, cost: Cost) -> str:
        """What is wrong with what came of a case; empty where nothing is."""
        if isinstance(found, Wrong):
            return f"wrong: {str(found).partition(':')[0]} at {site_of(found.__cause__ or found)}"
        if isinstance(found, BaseException):
            return f"raised: {type(found).__name__} at {site_of(found)}"
        if found in self.target.dear:
            return ""
        if cost.cpu > self.target.cpu:
            return f"{COSTS[0]}: {found[:80]}"
        if cost.memory > self.target.memory:
            return f"{COSTS[1]}: {found[:80]}"
        return ""

    def note(self, case: Any, wrong: str) -> None:
        """Keep a case that failed."""
        data = self.target.kept(case)
        file = self.found / self.target.name / f"{hashlib.sha256(data).hexdigest()[:12]}.case"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.tally.failures[wrong] = file.name
        quietly(f"FOUND {self.target.name}: {wrong}: {file}")


TAKEN = ("loaded", "read", "made", "opened", "0")
"""Words of outcomes of what was taken, and not refused."""
COSTS = ("too slow", "too large")
