"""A decision is bound to its gate: (case, stage, round). Whatever is delivered, however often and in whichever order.

Fifty requests at once over HTTP, at every gate of a case, drawn by hypothesis: the decision that is due, the same again
with and without its key, contrary ones by a colleague, and late copies of everything that was said at the gates before.
The same deliveries against a flow that suspends itself and is resumed: `tests/engine/test_suspended.py`, which fails.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from core.db import reading, transaction
from models.application import Application, Submission
from models.case import Case
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import another_institution
from tests.gates.web import HERE, Delivery, deliver, serving
from tests.stories.crowd import at_once
from tests.stories.telling import Story, an_application
from tests.unit.api.program import as_person

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.allow_hosts([HERE])]

CROWD = 50
GATES = (
    (Duty.RECOMMEND, cast.RECOMMENDER, "local-review", "Awaiting expert review"),
    (Duty.CONCLUDE, cast.CHAIR, "expert-review", "Awaiting site inspection"),
    (Duty.CERTIFY, cast.DECIDER, "certification", "Certified"),
)
APPROVED = {"outcome": "approved", "reasons": "符合规定条件。"}
CONTRARY = {"outcome": "refused", "reasons": "材料与规定条件不符。"}
MIXES = st.lists(
    st.sampled_from(["the same", "the same again", "contrary", "late"]), min_size=CROWD - 1, max_size=CROWD - 1
)
"""What arrives beside the first delivery, in the order in which it is handed over; fifty threads do the rest."""


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """Serve the application for all tests of this module."""
    with serving() as client:
        yield client


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no bell be rung: the tests take the runs themselves, at moments of their own choice."""
    monkeypatch.setattr("api.acts.ring", bool)
    monkeypatch.setattr("api.applications.ring", bool)


def a_story() -> Story:
    with transaction() as session:
        applicant = another_institution(session)
        return Story(an_application(session, applicant), applicant=applicant)


@pytest.mark.usefixtures("quiet")
def test_fifty_submissions_are_one_case(client: httpx.Client) -> None:
    story = a_story()
    token = token_of(story.applicant)
    with reading() as session:
        version = session.get_one(Application, story.application_id).version
    address = f"applications/{story.application_id}/submission"
    filed = [Delivery(address, {}, f"key-{n % 5}" if n % 3 else "", token, version) for n in range(CROWD)]
    answers = deliver(client, filed)
    first = [one for one in answers if one.status_code == 201 and "Idempotent-Replayed" not in one.headers]
    assert len(first) == 1, Counter(one.status_code for one in answers)
    for delivery, answer in zip(filed, answers, strict=True):
        if answer.status_code != 201:
            assert answer.status_code == 409, answer.text
            assert answer.json()["code"] in {"already-decided", "stage-closed"}
        elif answer is not first[0]:
            assert answer.json() == first[0].json()
            assert delivery.key
    with reading() as session:
        of_ours = select(func.count()).where(col(Submission.application_id) == story.application_id)
        assert session.exec(of_ours).one() == 1
        assert session.exec(select(Case).where(Case.application_id == story.application_id)).one()


@pytest.mark.usefixtures("quiet")
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(MIXES, min_size=len(GATES), max_size=len(GATES)))
def test_one_decision_a_gate(client: httpx.Client, mixes: list[list[str]]) -> None:
    story = a_story()
    assert story.submits() == "Awaiting local review"
    said: list[Delivery] = []
    for (duty, email, stage, then), mix in zip(GATES, mixes, strict=True):
        prepare(story, duty)
        gate = f"assignments/{story.duty(duty).id}/decision"
        token = token_of(email)
        sent = [of_kind(kind, gate, token, said) for kind in ["the same", *mix]]
        answers = deliver(client, sent)
        winner = the_winner(answers)
        every_loser_is_told(sent, answers, winner, gate)
        decided = decisions_of(story.case_id)
        assert max(decided.values()) == 1, decided
        assert decided[(stage, 1)] == 1
        assert outcome_of(story.case_id, stage) == Outcome(sent[winner].body["outcome"])
        states = {str(state) for state in at_once(3, story.turn)}
        if sent[winner].body["outcome"] == "refused":
            assert states == {"Refused"}
            assert len(decisions_of(story.case_id)) == len(decided), "nothing after the end was decided"
            return
        assert states <= {then, "Overtaken"}
        assert story.turn() == then
        assert decisions_of(story.case_id) == decided, "no late delivery passed the next gate"
        said += [one for one in sent if one.address == gate]


def prepare(story: Story, duty: Duty) -> None:
    """Bring the case to the gate."""
    if duty is Duty.CONCLUDE:
        story.assembles_panel()
        story.review()
    if duty is Duty.CERTIFY:
        story.assembles_team()
        story.inspect()


def of_kind(kind: str, gate: str, token: str, said: list[Delivery]) -> Delivery:
    """Return a delivery of a kind."""
    if kind == "late" and said:
        return said[len(said) // 2]
    if kind == "contrary":
        return Delivery(gate, CONTRARY, "", token)
    return Delivery(gate, APPROVED, "once-and-for-all-" + gate[-20:-9] if kind == "the same again" else "", token)


def the_winner(answers: list[httpx.Response]) -> int:
    """Return which delivery had its effect: exactly one."""
    took_effect = [
        n for n, one in enumerate(answers) if one.status_code == 201 and "Idempotent-Replayed" not in one.headers
    ]
    assert len(took_effect) == 1, Counter((one.status_code, one.headers.get("Idempotent-Replayed")) for one in answers)
    return took_effect[0]


def every_loser_is_told(sent: list[Delivery], answers: list[httpx.Response], winner: int, gate: str) -> None:
    """Whoever was not first is told by whom and when; who sent the same request once more gets the same answer."""
    for delivery, answer in zip(sent, answers, strict=True):
        if answer is answers[winner]:
            continue
        if answer.status_code == 201:
            assert delivery.key, "only a request with a key is answered as if it had been the first"
            same_gate = delivery.address == gate
            assert not same_gate or answer.json() == answers[winner].json()
            continue
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "already-decided"), answer.text
        assert "由" in problem["detail"]
        assert "于2" in problem["detail"]


def decisions_of(case_id: UUID | None) -> dict[tuple[str, int], int]:
    """Count what people have decided of a case, by stage and round."""
    with reading() as session:
        counted = select(Decision.stage, Decision.round, func.count()).where(Decision.case_id == case_id)
        counted = counted.where(col(Decision.decided_by).is_not(None))
        rows = session.exec(counted.group_by(col(Decision.stage), col(Decision.round)))
        return {(stage, number): count for stage, number, count in rows}


def outcome_of(case_id: UUID | None, stage: str) -> Outcome:
    with reading() as session:
        found = select(Decision.outcome).where(Decision.case_id == case_id, Decision.stage == stage)
        return session.exec(found).one()


def token_of(email: str) -> str:
    return as_person(email).headers["Authorization"].removeprefix("Bearer ")
