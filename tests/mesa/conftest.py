"""A short job, and its model."""

import pytest

from sim.mesa.model import EscalationModel
from sim.simulate import Job
from sim.simulate.job import make_job
from tests.mesa.models import SHORT


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(SHORT)


@pytest.fixture
def model(job: Job) -> EscalationModel:
    return EscalationModel(job)
