"""The day of a visit: offered, picked or declined, moved, called off; nobody visits two institutions on one day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import col, select

from casework.replacing import replace_member
from casework.visits.arranging import warnings_about
from core.clock import today
from core.db import reading, transaction
from core.errors import CaseClosed, Conflict, Invalid, JidiError, NotAssigned
from models.message import Message
from models.person import User, UserRole
from models.visit import VisitDay
from regulation.roles import Duty, Role
from tests import cast
from tests.stories.crowd import at_once
from tests.stories.telling import Story, an_application
from tests.stories.visiting import LEADER, accepts, cancels, declines, entries, in_days, moves, offers

Opened = Callable[[str], Story]


@pytest.fixture
def story(opened_at: Opened) -> Story:
    return opened_at("site inspection")


def test_the_leader_offers_the_institution_picks_and_both_calendars_have_it(story: Story) -> None:
    offers(case_of(story), in_days(2, 3))
    assert told("visit-offered") == [cast.APPLICANT]
    accepts(case_of(story), in_days(3)[0])
    for person in (*cast.INSPECTORS, cast.APPLICANT):
        ((method, sequence, _, day),) = entries("visit-agreed", person)
        assert (method, sequence, day) == ("REQUEST", 0, in_days(3)[0])
    assert story.goes_on_to_publication() == "Certified"


def test_nobody_learns_who_else_comes(story: Story) -> None:
    agreed(story)
    with reading() as session:
        (letter,) = session.exec(
            select(Message).where(Message.letter == "visit-agreed", Message.address == cast.APPLICANT)
        )
    assert not any(email in str(letter.facts) for email in cast.INSPECTORS)
    assert "考察示例" not in str(letter.facts)


def test_none_suits_so_others_are_proposed_and_offered(story: Story) -> None:
    offers(case_of(story), in_days(2, 3))
    declines(case_of(story), "当周组织全省统考。", in_days(8, 9))
    assert told("visit-declined") == sorted([LEADER, cast.OFFICE])
    offers(case_of(story), in_days(8, 9), by=cast.OFFICE)
    assert accepts(case_of(story), in_days(9)[0]).agreed_on == in_days(9)[0]


def test_moved_and_called_off_under_one_uid_with_a_growing_sequence(story: Story) -> None:
    agreed(story)
    moves(case_of(story), in_days(4)[0], "道路积雪。")
    cancels(case_of(story), "改为下月考察。", by=cast.OFFICE)
    offers(case_of(story), in_days(6, 7))
    accepts(case_of(story), in_days(7)[0])
    for person in (*cast.INSPECTORS, cast.APPLICANT):
        requests, (cancel,) = entries("visit-agreed", person), entries("visit-cancelled", person)
        assert [sequence for _, sequence, _, _ in requests] == [0, 1, 3]
        assert [day for _, _, _, day in requests] == in_days(3, 4, 7)
        assert cancel[:2] == ("CANCEL", 2)
        assert len({uid for _, _, uid, _ in [*requests, cancel]}) == 1


@pytest.mark.parametrize(
    ("days", "field"),
    [((2,), "days"), ((2, 2), "days"), ((2, 3, 4, 5, 6, 7), "days"), ((0, 3), "days"), ((-1, 3), "days")],
    ids=["one", "twice the same", "six", "today", "yesterday"],
)
def test_an_offer_is_two_to_five_days_to_come(story: Story, days: tuple[int, ...], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        offers(case_of(story), in_days(*days))
    assert {fault.field for fault in refused.value.faults} == {field}
    assert told("visit-offered") == []


def test_a_day_off_and_a_day_too_late_are_warned_of_not_refused() -> None:
    warned = warnings_about([date(2026, 10, 1), date(2026, 10, 12), date(2027, 1, 4)], due_on=date(2026, 10, 9))
    assert warned == [
        "2026-10-01 不是工作日。",
        "2026-10-12 晚于考察期限 2026-10-09。",
        "2027-01-04 晚于考察期限 2026-10-09。",
        "2027-01-04 所在年度的节假日安排尚未公布，可能调整。",
    ]


@pytest.mark.parametrize("who", [cast.INSPECTORS[1], cast.APPLICANT, cast.RECOMMENDER, cast.DECIDER])
def test_only_the_leader_and_the_office_arrange(story: Story, who: str) -> None:
    agreed(story)
    for act in (
        lambda: offers(case_of(story), in_days(5, 6), by=who),
        lambda: moves(case_of(story), in_days(5)[0], "改期。", by=who),
        lambda: cancels(case_of(story), "取消。", by=who),
    ):
        with pytest.raises(NotAssigned):
            act()


@pytest.mark.parametrize("who", [LEADER, cast.OFFICE, cast.RECOMMENDER])
def test_only_the_institution_answers(story: Story, who: str) -> None:
    offers(case_of(story), in_days(2, 3))
    with pytest.raises(JidiError) as refused:
        accepts(case_of(story), in_days(2)[0], by=who)
    assert refused.value.status == 403
    with pytest.raises(JidiError) as other:
        declines(case_of(story), "不便。", by=cast.OTHER_APPLICANT)
    assert other.value.status == 404


def test_an_answer_is_to_what_was_offered_and_comes_once(story: Story) -> None:
    offers(case_of(story), in_days(2, 3))
    with pytest.raises(Invalid):
        accepts(case_of(story), in_days(4)[0])
    with pytest.raises(Invalid):
        declines(case_of(story), " ")
    offers(case_of(story), in_days(5, 6))
    with pytest.raises(Invalid):
        accepts(case_of(story), in_days(2)[0])
    accepts(case_of(story), in_days(5)[0])
    for act in (lambda: accepts(case_of(story), in_days(6)[0]), lambda: offers(case_of(story), in_days(7, 8))):
        with pytest.raises(Conflict):
            act()


def test_moving_and_calling_off_need_a_reason_and_an_agreed_day(story: Story) -> None:
    with pytest.raises(Conflict):
        cancels(case_of(story), "取消。")
    agreed(story)
    for act in (
        lambda: moves(case_of(story), in_days(4)[0], ""),
        lambda: moves(case_of(story), in_days(3)[0], "改期。"),
        lambda: moves(case_of(story), today(), "改期。"),
        lambda: cancels(case_of(story), " "),
    ):
        with pytest.raises(Invalid):
            act()


def test_nobody_is_in_two_places_on_one_day(story: Story) -> None:
    agreed(story)
    other = another_visit()
    with pytest.raises(Invalid, match="有内容需要更正") as refused:
        offers(other, in_days(3, 5))
    assert {f"{name}当日已安排其他考察" in str(refused.value.faults) for name in ("何考察示例", "马考察示例")} == {True}
    offers(other, in_days(4, 5))
    moves(case_of(story), in_days(4)[0], "改期。")
    with pytest.raises(Conflict, match="当日已安排其他考察"):
        accepts(other, in_days(4)[0], by=cast.OTHER_APPLICANT)
    cancels(case_of(story), "取消。")
    accepts(other, in_days(4)[0], by=cast.OTHER_APPLICANT)


def test_of_two_who_take_the_same_people_at_once_one_is_refused(story: Story) -> None:
    other = another_visit()
    offers(case_of(story), in_days(3, 5))
    offers(other, in_days(3, 5))
    day = in_days(3)[0]
    came = at_once(2, accepts, [case_of(story), other], [day, day], [cast.APPLICANT, cast.OTHER_APPLICANT])
    assert sorted(type(one).__name__ for one in came) == ["Appointment", "Conflict"]
    with reading() as session:
        assert len(session.exec(select(VisitDay).where(VisitDay.day == day)).all()) == 2


def test_whoever_comes_instead_is_taken_on_the_agreed_day(story: Story) -> None:
    agreed(story)
    third = a_third_inspector()
    with transaction() as session:
        replace_member(
            session, story.duty(Duty.INSPECT, LEADER).id, cast.person(third, session).id,
            by=cast.person(cast.OFFICE, session),
        )  # fmt: skip
    story.turn()
    assert [method for method, *_ in entries("visit-agreed", third)] == ["REQUEST"]
    assert [method for method, *_ in entries("visit-cancelled", LEADER)] == ["CANCEL"]
    with reading() as session:
        there = select(User.email).join(VisitDay).where(col(VisitDay.released_at).is_(None))
        assert set(session.exec(there)) == {third, cast.INSPECTORS[1]}


def test_a_withdrawn_application_is_not_visited(story: Story) -> None:
    agreed(story)
    assert story.withdraws() == "Withdrawn"
    assert [method for method, *_ in entries("visit-cancelled", LEADER)] == ["CANCEL"]
    with pytest.raises(CaseClosed):
        offers(case_of(story), in_days(2, 3))
    with reading() as session:
        assert not session.exec(select(VisitDay).where(col(VisitDay.released_at).is_(None))).all()


def case_of(story: Story) -> UUID:
    assert story.case_id
    return story.case_id


def agreed(story: Story) -> None:
    offers(case_of(story), in_days(2, 3))
    accepts(case_of(story), in_days(3)[0])


def told(letter: str) -> list[str]:
    with reading() as session:
        return sorted(session.exec(select(Message.address).where(Message.letter == letter)))


def another_visit() -> UUID:
    """Bring the other institution's case to its visit by the same team."""
    with transaction() as session:
        other = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
    for act in (other.submits, other.recommends, other.assembles_panel, other.review, other.concludes):
        act()
    other.assembles_team()
    return case_of(other)


def a_third_inspector() -> str:
    with transaction() as session:
        user = session.exec(select(User).where(User.email == cast.OTHER_EXPERT)).one()
        session.add(UserRole(user_id=user.id, role=Role.INSPECTOR))
    return cast.OTHER_EXPERT
