"""The order of the regulation: declared once as data, written once as the procedure, and the same."""

import pytest

from flows import accreditation
from flows.accreditation import settle
from regulation.definition import STAGES
from regulation.stage import Stage
from tests.stories.telling import Story


def test_the_flow_settles_the_stages_in_their_declared_order(
    opened_at: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    story: Story = opened_at("certified")  # type: ignore[operator]
    settled: list[Stage] = []

    def noted(case: object, stage: Stage) -> None:
        settled.append(stage)
        settle(case, stage)  # type: ignore[arg-type]

    monkeypatch.setattr(accreditation, "settle", noted)
    assert story.turn() == "Certified"
    assert [*settled, STAGES[-1]] == list(STAGES), "publication, the last one, needs nobody's decision"
    assert STAGES[-1].duty is None
