"""Before the day, on the day after, some working days later to the superior: each once; and the daily digest."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from casework.accounts import close_account
from casework.digests import awaiting_digest, post_digest, set_digest
from casework.superiors import set_superior
from core.clock import HUBEI
from core.db import reading, transaction
from core.errors import Invalid, NotPermitted
from flows.deadlines import deadlines
from models.message import Message
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.crowd import at_once
from tests.stories.telling import Story

Opened = Callable[[str], Story]
Day = Callable[[str], None]


@pytest.fixture
def day(clock: Traveller) -> Day:
    """Let a day dawn in Hubei and the deadlines be looked at."""

    def dawns(on: str, hour: int = 9) -> None:
        clock.move_to(datetime.combine(date.fromisoformat(on), datetime.min.time(), HUBEI).replace(hour=hour))
        assert deadlines.fn().name == "Up to date"

    return dawns


def letters(kind: str) -> list[Message]:
    with reading() as session:
        found = select(Message).where(Message.letter == kind)
        return list(session.exec(found.order_by(col(Message.posted_at))))


def to(kind: str) -> list[str]:
    return [letter.recipient for letter in letters(kind)]


def has_superior(email: str, superior: str, by: str = cast.OFFICE) -> None:
    with transaction() as session:
        people = [cast.person(one, session) for one in (email, superior, by)]
        set_superior(session, people[0].id, people[1].id, by=people[2])


def test_before_on_the_day_after_and_then_to_the_superior(opened_at: Opened, day: Day) -> None:
    opened_at("local review")  # due on Monday, 28 September
    has_superior(cast.RECOMMENDER, cast.DECIDER)
    seen = {}
    for on in ("2026-09-22", "2026-09-23", "2026-09-28", "2026-09-29", "2026-09-30", "2026-10-03", "2026-10-08"):
        day(on)
        seen[on] = (to("reminder"), to("late"), to("overdue"))
    assert seen == {
        "2026-09-22": ([], [], []),
        "2026-09-23": (["王芳示例"], [], []),
        "2026-09-28": (["王芳示例"], [], []),
        "2026-09-29": (["王芳示例"], ["王芳示例"], []),
        "2026-09-30": (["王芳示例"], ["王芳示例"], []),
        "2026-10-03": (["王芳示例"], ["王芳示例"], []),
        "2026-10-08": (["王芳示例"], ["王芳示例"], ["陈国示例"]),
    }, "the National Day's holidays are no working days"
    (overdue,) = letters("overdue")
    assert (overdue.facts["holder"], overdue.facts["days_over"], overdue.facts["sees"]) == ("王芳示例", 3, True)
    day("2026-10-09")
    assert (to("reminder"), to("late"), to("overdue")) == (["王芳示例"], ["王芳示例"], ["陈国示例"])


def test_on_a_day_off_nobody_is_pressed(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    story.under(escalation_days=0)
    day("2026-10-03")
    assert to("late") == to("overdue") == []
    day("2026-10-08")
    assert (to("late"), to("overdue")) == (["王芳示例"], ["周敏示例"]), "both are due, and nobody answers for her"


def test_a_superior_who_has_left_is_not_written_to(opened_at: Opened, day: Day) -> None:
    opened_at("local review")
    has_superior(cast.RECOMMENDER, cast.AUDITOR)
    with transaction() as session:
        close_account(session, cast.person(cast.AUDITOR, session).id, by=cast.person(cast.ADMINISTRATOR, session))
    day("2026-10-09")
    assert to("overdue") == ["周敏示例"]


def test_who_may_be_a_superior_and_who_says_so(opened_at: Opened) -> None:
    opened_at("local review")
    with pytest.raises(NotPermitted):
        has_superior(cast.RECOMMENDER, cast.DECIDER, by=cast.DECIDER)
    for wrong in (cast.RECOMMENDER, cast.APPLICANT):
        with pytest.raises(Invalid):
            has_superior(cast.RECOMMENDER, wrong)


def test_a_digest_a_working_day_while_something_is_open(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    day("2026-09-15", hour=7)
    assert to("digest") == [], "not before the working day begins"
    day("2026-09-15")
    day("2026-09-15", hour=16)
    assert to("digest") == ["王芳示例"], "once a day"
    day("2026-09-19")
    assert to("digest") == ["王芳示例"], "Saturday is a day off"
    day("2026-09-20")
    assert to("digest") == ["王芳示例"] * 2, "the Sunday is a make-up workday"
    story.recommends(Outcome.RETURNED)
    day("2026-09-21")
    assert to("digest") == ["王芳示例"] * 2, "nothing is open for her; the applicant has letters of the own"


def test_a_digest_says_what_is_overdue_soon_and_new(opened_at: Opened, day: Day) -> None:
    opened_at("local review")
    told = []
    for on in ("2026-09-15", "2026-09-17", "2026-09-24", "2026-09-29"):
        day(on)
        facts = letters("digest")[-1].facts
        told.append(next((name for name in ("overdue", "soon", "fresh") if facts[name]), facts["others"]))
    assert told == ["fresh", 1, "soon", "overdue"]
    (line,) = letters("digest")[-1].facts["overdue"]
    assert "审核并签署推荐意见" in line
    assert "江汉示例职业技术学院" in line


def test_who_wants_none_gets_none(opened_at: Opened, day: Day) -> None:
    opened_at("local review")
    with transaction() as session:
        set_digest(session, wanted=False, by=cast.person(cast.RECOMMENDER, session))
    day("2026-09-15")
    assert to("digest") == []


def test_eight_at_once_post_one(opened_at: Opened, day: Day) -> None:
    opened_at("local review")
    day("2026-09-15", hour=7)
    day("2026-09-15", hour=8)
    with reading() as session:
        assert awaiting_digest(session) == []
        user_id = cast.person(cast.RECOMMENDER, session).id
    day("2026-09-16", hour=7)

    def attempt() -> None:
        with transaction() as session:
            post_digest(session, user_id)

    at_once(8, attempt)
    assert len(letters("digest")) == 2
