"""Somebody is away: who stands in sees and does the duties these days, in the other's place; judgement is personal."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.access import sight_of
from casework.decisions import decisions_of
from casework.delegations import NewDelegation, delegate, end_delegation
from casework.demonstration import HOME
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.journal import timeline_of
from casework.naming import naming_of
from casework.recommending.scans import attach_scan
from casework.reviews import Opinion, review
from casework.visits.on_paper import visit_record
from casework.visits.photos import add_photo, photos_of_round
from casework.visits.signed_pages import attach_page
from casework.visits.signing import confirm, digest_of, keep_draft
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound, NotPermitted
from models.case import Assignment, Case
from models.delegation import Delegation
from models.message import Message
from models.organisation import Organisation
from models.person import User, UserRole
from notifications.delivery import freeze
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.factories import a_pdf, joins
from tests.photos import a_photo
from tests.stories.book import DRAFT
from tests.stories.record import inbox
from tests.stories.telling import Story, conclusion
from tests.stories.test_visit_on_paper import text_of
from tests.stories.visiting import in_days, offers

Opened = Callable[[str], Story]
COLLEAGUE = "tuijian2@example.com"
OTHER_INSPECTOR = "kaocha3@example.com"


def stands_in(deputy: str, absent: str, *, days: int = 3, by: str = "", begins: int = 0) -> UUID:
    """Somebody stands in for a few days from today, or from some days later."""
    with transaction() as session:
        first_on = today() + timedelta(begins)
        new = NewDelegation(
            cast.person(absent, session).id, cast.person(deputy, session).id, first_on,
            first_on + timedelta(days - 1), "外出学习。",
        )  # fmt: skip
        return delegate(session, new, by=cast.person(by or absent, session)).id


def told(kind: str) -> list[str]:
    with reading() as session:
        return sorted(m.recipient for m in session.exec(select(Message).where(Message.letter == kind)))


def decided_by(reader: str) -> str:
    """Return who decided at the local review, as a reader is told."""
    with reading() as session:
        case = session.exec(select(Case)).one()
        found = next(pair for pair in decisions_of(session, case.id) if pair[0].stage == "local-review")
        return naming_of(session, case, cast.person(reader, session)).decider(*found)


def acted_by(act: str, reader: str) -> list[str]:
    """Return who did something in the case, line by line, as a reader of the timeline is told."""
    with reading() as session:
        case = session.exec(select(Case)).one()
        naming = naming_of(session, case, cast.person(reader, session))
        return [naming.actor(entry, user) for entry, user, _ in timeline_of(session, case.id) if entry.act == act]


def written(kind: str) -> Message:
    """Return the one letter of a kind as it leaves."""
    with transaction() as session:
        letter = session.exec(select(Message).where(Message.letter == kind)).one()
        freeze(letter)
        session.expunge(letter)
        return letter


def inspects(story: Story, email: str) -> str:
    """Somebody records the visit that was given to the team's leader."""
    with transaction() as session:
        findings = [Seen(item, "如申报表所述", "与申报一致", matches=True) for item in ITEMS]
        visit = Visit(today(), "听取汇报，查阅材料，实地察看。", findings)
        duty = story.duty(Duty.INSPECT, cast.INSPECTORS[0]).id
        inspect(session, duty, visit, conclusion(Outcome.APPROVED), by=cast.person(email, session))
    return story.turn()


@pytest.fixture
def colleague(opened_at: Opened) -> Story:
    story = opened_at(DRAFT)
    joins(COLLEAGUE, "李明示例", Role.RECOMMENDER, HOME)
    story.submits()
    return story


def test_a_colleague_signs_in_her_place_and_the_record_says_so(colleague: Story) -> None:
    stands_in(COLLEAGUE, cast.RECOMMENDER)
    assert told("delegated") == ["李明示例"], "she knows it herself"
    assert inbox(COLLEAGUE) == ["recommend"]
    assert colleague.decides(COLLEAGUE, Duty.RECOMMEND, Outcome.APPROVED) == "Awaiting expert review"
    assert decided_by(cast.OFFICE) == "李明示例（武汉市人力资源和社会保障局）（代 王芳示例）"
    assert decided_by(cast.APPLICANT) == "武汉市人力资源和社会保障局", "the applicant is told no names"
    with reading() as session:
        duty = session.exec(select(Assignment).where(Assignment.duty == Duty.RECOMMEND)).one()
        assert duty.done_for == cast.person(cast.RECOMMENDER, session).id


def test_everything_she_does_for_the_other_says_so_in_the_timeline_and_to_the_other(colleague: Story) -> None:
    stands_in(COLLEAGUE, cast.RECOMMENDER)
    with transaction() as session:
        duty = colleague.duty(Duty.RECOMMEND).id
        attach_scan(session, duty, ("推荐意见.pdf", a_pdf()), by=cast.person(COLLEAGUE, session))
    colleague.decides(COLLEAGUE, Duty.RECOMMEND, Outcome.APPROVED)
    for act in ("scan-attached", "decided"):
        assert acted_by(act, cast.OFFICE) == ["李明示例（武汉市人力资源和社会保障局）（代 王芳示例）"]
        assert acted_by(act, cast.RECOMMENDER) == acted_by(act, COLLEAGUE) == ["李明示例（代 王芳示例）"]
        assert acted_by(act, cast.APPLICANT) == ["武汉市人力资源和社会保障局"]
    letter = written("done-for")
    assert letter.recipient == "王芳示例"
    assert "李明示例（代 王芳示例）" in letter.text
    assert "结论：同意推荐" in letter.text


def test_whoever_acts_in_the_own_name_is_told_of_to_nobody(colleague: Story) -> None:
    colleague.decides(cast.RECOMMENDER, Duty.RECOMMEND, Outcome.APPROVED)
    assert acted_by("decided", COLLEAGUE) == ["王芳示例"]
    assert told("done-for") == []


def test_an_expert_of_the_recommending_body_stays_unnamed_to_it(opened_at: Opened) -> None:
    story = opened_at("expert review")
    story.reviews(cast.EXPERTS[0], 90)
    with transaction() as session:
        home = session.exec(select(Organisation.id).where(Organisation.name == HOME)).one()
        session.get_one(User, cast.person(cast.EXPERTS[0], session).id).organisation_id = home
    assert acted_by("reviewed", cast.RECOMMENDER) == ["评审专家"]


def test_a_visit_in_anothers_place_says_so_in_timeline_and_record(opened_at: Opened, tmp_path: Path) -> None:
    story = opened_at("site inspection")
    joins(OTHER_INSPECTOR, "周考察示例", Role.INSPECTOR, "湖北省人力资源和社会保障厅")
    stands_in(OTHER_INSPECTOR, cast.INSPECTORS[0])
    duty, case_id = story.duty(Duty.INSPECT, cast.INSPECTORS[0]).id, story.case_id
    assert case_id
    offers(case_id, in_days(3, 4), by=OTHER_INSPECTOR)
    with transaction() as session:
        by = cast.person(OTHER_INSPECTOR, session)
        add_photo(session, duty, "", ("x.jpg", a_photo()), by=by)
        attach_page(session, duty, ("签名页.pdf", a_pdf()), by=by)
        draft = keep_draft(session, duty, {"summary": "已察看。"}, by=by)
        confirm(session, duty, digest_of(draft.content, photos_of_round(session, draft.stage_round_id)), by=by)
    inspects(story, OTHER_INSPECTOR)
    for act in ("visit-offered", "photo-added", "signed-page-attached", "record-confirmed"):
        assert acted_by(act, cast.OFFICE) == ["周考察示例（考察组）（代 何考察示例）"]
    assert acted_by("decided", cast.OFFICE)[-1] == "周考察示例（考察组）（代 何考察示例）"
    assert written("done-for").recipient == "何考察示例"
    with reading() as session:
        record = visit_record(session, session.exec(select(Case)).one(), 1)
    assert "记录人周考察示例（代何考察示例）" in text_of(record, tmp_path)


def test_without_a_delegation_a_colleague_signs_in_the_own_name(colleague: Story) -> None:
    colleague.decides(COLLEAGUE, Duty.RECOMMEND, Outcome.APPROVED)
    assert decided_by(cast.OFFICE) == "李明示例（武汉市人力资源和社会保障局）"


def test_an_inspector_visits_in_anothers_place_on_these_days_only(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("site inspection")
    joins(OTHER_INSPECTOR, "周考察示例", Role.INSPECTOR, "湖北省人力资源和社会保障厅")
    with reading() as session, pytest.raises(NotFound):
        sight_of(session, cast.person(OTHER_INSPECTOR, session), session.exec(select(Case)).one())
    stands_in(OTHER_INSPECTOR, cast.INSPECTORS[0], begins=1, days=2)
    assert inbox(OTHER_INSPECTOR) == [], "not before the first day"
    clock.shift(timedelta(days=2))
    assert inbox(OTHER_INSPECTOR) == inbox(cast.INSPECTORS[0]) == ["inspect"], "the last day is one of them"
    with reading() as session:
        assert sight_of(session, cast.person(OTHER_INSPECTOR, session), session.exec(select(Case)).one()).inspection
    clock.shift(timedelta(days=1))
    assert inbox(OTHER_INSPECTOR) == []
    with pytest.raises(NotAssigned):
        inspects(story, OTHER_INSPECTOR)
    clock.shift(timedelta(days=-1))
    assert inspects(story, OTHER_INSPECTOR) == "Awaiting certification"


def test_reviews_conclusions_and_decisions_are_personal(opened_at: Opened) -> None:
    opened_at("expert review")
    for absent, deputy in ((cast.EXPERTS[0], cast.OTHER_EXPERT), (cast.CHAIR, cast.OTHER_EXPERT)):
        with pytest.raises(Invalid) as refused:
            stands_in(deputy, absent)
        assert "须由本人亲自办理" in refused.value.faults[0].message
        assert "招标投标法" in refused.value.faults[0].message
    with pytest.raises(Invalid):
        stands_in(cast.OFFICE, cast.DECIDER)


def test_an_inspector_who_is_an_expert_as_well_hands_on_the_visits_alone(opened_at: Opened) -> None:
    story = opened_at("expert review")
    with transaction() as session:
        for email in (cast.EXPERTS[0], cast.OTHER_EXPERT):
            session.add(UserRole(user_id=cast.person(email, session).id, role=Role.INSPECTOR))
    stands_in(cast.OTHER_EXPERT, cast.EXPERTS[0])
    assert inbox(cast.OTHER_EXPERT) == []
    with reading() as session, pytest.raises(NotFound):
        sight_of(session, cast.person(cast.OTHER_EXPERT, session), session.exec(select(Case)).one())
    opinion, duty = Opinion(90, "pass", "材料齐全，条件具备。"), story.duty(Duty.REVIEW, cast.EXPERTS[0]).id
    with pytest.raises(NotAssigned), transaction() as session:
        review(session, duty, opinion, by=cast.person(cast.OTHER_EXPERT, session))


def test_the_letters_of_these_days_go_to_both(opened_at: Opened) -> None:
    story = opened_at("team to be named")
    joins(OTHER_INSPECTOR, "周考察示例", Role.INSPECTOR, "湖北省人力资源和社会保障厅")
    stands_in(OTHER_INSPECTOR, cast.INSPECTORS[0])
    story.assembles_team()
    assert {"何考察示例", "周考察示例", "马考察示例"} <= set(told("assignment"))


def test_the_office_arranges_it_for_somebody_who_is_ill(colleague: Story) -> None:
    del colleague
    with pytest.raises(NotPermitted):
        stands_in(COLLEAGUE, cast.RECOMMENDER, by=cast.DECIDER)
    stands_in(COLLEAGUE, cast.RECOMMENDER, by=cast.OFFICE)
    assert told("delegated") == ["李明示例", "王芳示例"]


def test_an_early_return_ends_it(colleague: Story) -> None:
    delegation = stands_in(COLLEAGUE, cast.RECOMMENDER)
    with pytest.raises(NotFound), transaction() as session:
        end_delegation(session, delegation, by=cast.person(cast.DECIDER, session))
    with transaction() as session:
        end_delegation(session, delegation, by=cast.person(cast.RECOMMENDER, session))
    with pytest.raises(Conflict), transaction() as session:
        end_delegation(session, delegation, by=cast.person(COLLEAGUE, session))
    colleague.decides(COLLEAGUE, Duty.RECOMMEND, Outcome.APPROVED)
    assert decided_by(cast.OFFICE) == "李明示例（武汉市人力资源和社会保障局）"


@pytest.mark.usefixtures("colleague")
def test_everything_that_is_wrong_is_told_at_once() -> None:
    absent, other = cast.person(cast.RECOMMENDER), cast.person(cast.OFFICE)
    new = NewDelegation(absent.id, other.id, date(2026, 9, 1), date(2026, 8, 1))
    with transaction() as session, pytest.raises(Invalid) as refused:
        delegate(session, new, by=absent)
    assert [fault.field for fault in refused.value.faults] == ["first_on", "last_on", "deputy", "reason"]


@pytest.mark.usefixtures("colleague")
def test_nobody_is_away_twice_nor_stands_in_while_away() -> None:
    stands_in(COLLEAGUE, cast.RECOMMENDER)
    with pytest.raises(Invalid):
        stands_in(COLLEAGUE, cast.RECOMMENDER, begins=2)
    with pytest.raises(Invalid):
        stands_in(cast.RECOMMENDER, COLLEAGUE, begins=1)
    stands_in(COLLEAGUE, cast.RECOMMENDER, begins=3)
    with reading() as session:
        assert len(session.exec(select(Delegation)).all()) == 2
