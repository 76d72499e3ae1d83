"""Telephones, e-mails and birth dates in a file: hidden from every office until it says why, and again soon after."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, select
from time_machine import Traveller

from casework.access import SHOWN_FOR
from casework.demonstration import HOME
from casework.journal import timeline_of
from casework.naming import naming_of
from casework.printing import printed_submission
from casework.unmasking import LONGEST_REASON, UnmaskingSearch, unmask, unmaskings
from core.db import reading, transaction
from core.errors import Invalid, NotFound, NotPermitted
from models.application import Submission
from models.case import Case
from regulation.form.example import example
from tests import cast
from tests.stories.telling import Story, an_application
from tests.stories.test_visit_on_paper import text_of

Opened = Callable[[str], Story]
MOBILE = example()["contact_mobile"]
WHY = "通知申报单位补正材料"
MASKED = (cast.RECOMMENDER, cast.OFFICE, cast.DECIDER, cast.AUDITOR, cast.CHAIR, cast.EXPERTS[0])


def says_why(story: Story, email: str, why: str = WHY) -> None:
    assert story.case_id
    with transaction() as session:
        unmask(session, story.case_id, why, by=cast.person(email, session))


def sees(email: str, case_id: UUID) -> bool:
    with reading() as session:
        return naming_of(session, session.get_one(Case, case_id), cast.person(email, session)).sight.personal


def looks() -> list[tuple[str, str]]:
    with reading() as session:
        found = unmaskings(session, UnmaskingSearch(), by=cast.person(cast.AUDITOR, session)).rows
        return [(one.user.name, one.unmasking.reason) for one in found]


def test_nobody_but_the_applicant_sees_them_unasked(opened_at: Opened) -> None:
    story = opened_at("expert review")
    assert story.case_id
    assert [email for email in (cast.APPLICANT, *MASKED) if sees(email, story.case_id)] == [cast.APPLICANT]


def test_an_office_that_says_why_sees_them_alone_for_half_an_hour(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("expert review")
    assert story.case_id
    says_why(story, cast.OFFICE)
    assert [email for email in MASKED if sees(email, story.case_id)] == [cast.OFFICE]
    clock.shift(SHOWN_FOR - timedelta(minutes=1))
    assert sees(cast.OFFICE, story.case_id)
    clock.shift(timedelta(minutes=1))
    assert not sees(cast.OFFICE, story.case_id)
    says_why(story, cast.OFFICE, "联系安排实地考察")
    assert sees(cast.OFFICE, story.case_id)
    assert looks() == [("周敏示例", "联系安排实地考察"), ("周敏示例", WHY)]


def test_a_reason_is_given_for_one_case(opened_at: Opened) -> None:
    story = opened_at("local review")
    with transaction() as session:
        other = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
    other.submits()
    assert story.case_id
    assert other.case_id
    says_why(story, cast.OFFICE)
    assert sees(cast.OFFICE, story.case_id)
    assert not sees(cast.OFFICE, other.case_id)


def test_the_printed_form_hides_and_shows_the_same(opened_at: Opened, tmp_path: Path) -> None:
    story = opened_at("local review")

    def printed(email: str) -> str:
        with reading() as session:
            case, filed = session.get_one(Case, story.case_id), session.exec(select(Submission)).one()
            shown = naming_of(session, case, cast.person(email, session)).sight.personal
            return text_of(printed_submission(session, case, filed, personal=shown), tmp_path)

    assert MOBILE not in printed(cast.RECOMMENDER)
    assert "个人信息已隐去" in printed(cast.RECOMMENDER)
    says_why(story, cast.RECOMMENDER)
    assert MOBILE in printed(cast.RECOMMENDER)
    assert "个人信息已隐去" not in printed(cast.RECOMMENDER)


def test_who_has_no_purpose_may_not_say_one(opened_at: Opened) -> None:
    story = opened_at("expert review")
    for email in (cast.APPLICANT, cast.DECIDER, cast.AUDITOR, cast.CHAIR, cast.EXPERTS[0], cast.OPERATOR):
        with pytest.raises(NotPermitted):
            says_why(story, email)
    for email in (cast.OTHER_APPLICANT, cast.OTHER_EXPERT):
        with pytest.raises(NotFound):
            says_why(story, email)
    assert looks() == []


@pytest.mark.parametrize("why", ["", "  \n", "长" * (LONGEST_REASON + 1)])
def test_without_a_reason_nothing_is_shown_and_nothing_written(opened_at: Opened, why: str) -> None:
    story = opened_at("local review")
    assert story.case_id
    with pytest.raises(Invalid):
        says_why(story, cast.OFFICE, why)
    assert not sees(cast.OFFICE, story.case_id)
    assert looks() == []


def test_the_journal_keeps_the_reason_and_the_applicant_is_told_which_body_looked(opened_at: Opened) -> None:
    story = opened_at("expert review")
    says_why(story, cast.OFFICE)
    says_why(story, cast.RECOMMENDER)
    with reading() as session:
        lines = [line for line in timeline_of(session, the_case(session).id) if line[0].act == "personal-shown"]
        assert [(user.name, entry.detail["purpose"]) for entry, user, _ in lines if user] == [
            ("周敏示例", WHY),
            ("王芳示例", WHY),
        ]
        naming = naming_of(session, the_case(session), cast.person(cast.APPLICANT, session))
        assert [naming.actor(entry, user) for entry, user, _ in lines] == ["湖北省人力资源和社会保障厅", HOME]


def the_case(session: Session) -> Case:
    return session.exec(select(Case)).one()


def test_only_who_oversees_looks_through_the_reasons(opened_at: Opened) -> None:
    says_why(opened_at("local review"), cast.OFFICE)
    for email in (cast.OFFICE, cast.RECOMMENDER, cast.OPERATOR, cast.ADMINISTRATOR, cast.APPLICANT):
        with reading() as session, pytest.raises(NotPermitted):
            unmaskings(session, UnmaskingSearch(), by=cast.person(email, session))
