"""The fault points are enumerated, not sampled: a new step without its points fails here, in the ordinary tests."""

import tasks.accreditation
import tasks.rounds
from tasks.step import Step
from tests.chaos.points import PLACES, POINTS, STEPS


def test_every_step_has_a_point_before_inside_and_after():
    modules = (tasks.accreditation, tasks.rounds)
    steps = {one.name for module in modules for one in vars(module).values() if isinstance(one, Step)}
    assert steps == set(STEPS)
    assert {(point.of, point.place) for point in POINTS} >= {(step, place) for step in steps for place in PLACES}
