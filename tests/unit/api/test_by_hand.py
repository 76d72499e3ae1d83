"""Parts of steps done by hand through the API: entered, confirmed by another, taken back until used."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlmodel import select

from core.db import reading
from models.case import Case
from models.operating import StepWaiver
from tests import cast
from tests.stories.standing_still import a_stalled_refusal
from tests.stories.telling import Story
from tests.unit.api.program import as_person

BY_HAND = "by-hand"
GIVEN = {"part": "letters", "reason": "9 月 14 日电话告知王主任"}


@pytest.fixture
def refused(database: str) -> Iterator[Story]:
    del database
    with a_stalled_refusal() as story:
        yield story


@pytest.fixture
def place(refused: Story) -> str:
    with reading() as session:
        return f"{BY_HAND}/cases/{session.get_one(Case, refused.case_id).reference}"


def test_entered_confirmed_and_used(refused: Story, place: str) -> None:
    operator, decider = as_person(cast.OPERATOR), as_person(cast.DECIDER)
    told = operator.get(place)
    assert (told["stalled"], told["step"]["key"], told["items"]) == (True, "close_round", [])
    assert {one["part"]: one["second_person"] for one in told["parts"]} == {"letters": True, "freed-place": False}
    made = operator.post(place, GIVEN, Idempotency_Key="p")
    assert operator.post(place, GIVEN, Idempotency_Key="p") == made
    assert (made["state"], made["proposed_by"], made["confirmed_at"]) == ("waiting", "吴工示例", None)
    assert decider.get(BY_HAND)["items"] == [made] == operator.get(place)["items"]
    confirmation = f"{BY_HAND}/{made['id']}/confirmation"
    assert "提出人以外" in operator.refused("POST", confirmation, 403)["detail"]
    told = decider.post(confirmation, Idempotency_Key="c")
    assert decider.post(confirmation, Idempotency_Key="c") == told
    assert (told["state"], told["confirmed_by"]) == ("counts", "陈国示例")
    decider.refused("POST", confirmation, 409)
    assert refused.turn() == "Refused"
    assert [one["state"] for one in decider.get(BY_HAND)["items"]] == ["used"]
    operator.refused("POST", f"{BY_HAND}/{made['id']}/withdrawal", 409)
    told = operator.get(place)
    assert (told["stalled"], told["step"], told["parts"], len(told["items"])) == (False, None, [], 1)
    operator.refused("POST", place, 409, json=GIVEN)


def test_taken_back_and_entered_anew(place: str) -> None:
    operator, decider = as_person(cast.OPERATOR), as_person(cast.DECIDER)
    made = operator.post(place, GIVEN)
    operator.refused("POST", place, 409, json=GIVEN)
    told = decider.post(f"{BY_HAND}/{made['id']}/withdrawal")
    assert (told["state"], told["withdrawn_by"]) == ("withdrawn", "陈国示例")
    for act in ("withdrawal", "confirmation"):
        decider.refused("POST", f"{BY_HAND}/{made['id']}/{act}", 409)
    operator.post(place, GIVEN)
    assert [one["state"] for one in decider.get(BY_HAND)["items"]] == ["waiting", "withdrawn"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"reason": " "}, "reason"), ({"reason": "长" * 501}, "reason"), ({"part": "notice"}, "part"),
     ({"part": "certificate"}, "part"), ({"more": 1}, "more")],
    ids=["no reason", "too long", "not of this step", "no part at all", "more than asked"],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_entered(place: str, change: dict[str, object], pointer: str) -> None:
    [error] = as_person(cast.OPERATOR).refused("POST", place, 422, json=GIVEN | change)["errors"]
    assert error["pointer"] == f"#/{pointer}"
    with reading() as session:
        assert not session.exec(select(StepWaiver)).all()


def test_who_gets_in(place: str) -> None:
    as_person(cast.DECIDER).refused("POST", place, 403, json=GIVEN)
    for email in (cast.OFFICE, cast.AUDITOR, cast.APPLICANT):
        as_person(email).refused("GET", BY_HAND, 403)
        as_person(email).refused("GET", place, 403)
    as_person(cast.OPERATOR).refused("GET", f"{BY_HAND}/cases/JD-1999-0001", 404)
    as_person(cast.OPERATOR).refused("POST", f"{BY_HAND}/{uuid4()}/confirmation", 404)
