"""A further call like the last one: its places bind, its sheet is scored with, its dates are its own."""

from datetime import timedelta

import pytest
from sqlmodel import select

from casework.applications import attach, begin, save
from casework.calls import NewCall, Wanted, by_code, open_call
from casework.calls.attachments import attach_to_notice, attachments_of, take_from_notice
from casework.demonstration import CALL, HOME
from casework.quotas import own_rows, set_quotas
from casework.sheets import set_sheet, sheet_for
from core.clock import now
from core.db import reading, transaction
from core.errors import CallClosed, Invalid, NotPermitted
from models.case import Case
from models.journal import JournalEntry
from models.organisation import Organisation
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.sheet import Group, Item, Sheet
from tests import cast
from tests.factories import a_pdf
from tests.stories.book import CLOSES
from tests.stories.recommending import body_id, places, replay
from tests.stories.telling import Story

SHORT = Sheet((Group("培训能力", (Item("a1", "课程体系", 100, "第四条第（四）项"),)),))
NEXT = "2027-1"


def copied(wanted: Wanted, by: str = cast.OFFICE, code: str = NEXT) -> None:
    """The office opens a call like the last one, from next week for a month."""
    with transaction() as session:
        opens = now() + timedelta(days=7)
        new = NewCall(code, "2027年度第一批", "", opens, opens + timedelta(days=30), copies=wanted)
        open_call(session, new, by=cast.person(by, session))


def prepared() -> None:
    """The last call had one place for the bureau, a sheet of its own, and two papers."""
    places(HOME, 1)
    with transaction() as session:
        office, call = cast.person(cast.OFFICE, session), by_code(session, CALL)
        opened_at, call.opens_at = call.opens_at, now() + timedelta(days=1)
        set_sheet(session, CALL, SHORT, by=office)
        call.opens_at = opened_at
        attach_to_notice(session, CALL, ("申报通知.pdf", a_pdf()), by=office)
        attach_to_notice(session, CALL, ("汇总表格式.pdf", a_pdf(2)), by=office)


def files(email: str) -> Story:
    """An institution files in the new call."""
    with transaction() as session:
        applicant = cast.person(email, session)
        body = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
        application = begin(session, by_code(session, NEXT), body.id, by=applicant)
        credit_code = str(application.content["credit_code"])
        save(session, application.id, example(applicant.organisation_name, credit_code=credit_code), None, by=applicant)
        for asked in ATTACHMENTS:
            attach(session, application.id, asked.key, (f"{asked.key}.pdf", a_pdf()), by=applicant)
        told = Story(application.id, applicant=email)
    told.submits()
    return told


def test_what_was_copied_binds_in_the_new_call(story, clock):
    del story
    prepared()
    copied(Wanted(CALL))
    clock.shift(timedelta(days=8))
    first, second = files(cast.APPLICANT), files(cast.OTHER_APPLICANT)
    with reading() as session:
        assert sheet_for(session, session.get_one(Case, first.case_id)) == SHORT
    assert first.recommends() == "Awaiting acceptance"
    with pytest.raises(Invalid, match="更正") as refused:
        second.recommends()
    assert [fault.message for fault in refused.value.faults if "推荐名额为 1 个，已全部使用" in fault.message]
    replay(second, first)


def test_the_copy_has_dates_of_its_own_and_the_old_call_is_untouched(story):
    prepared()
    copied(Wanted(CALL))
    with pytest.raises(CallClosed):
        files(cast.OTHER_APPLICANT)
    with reading() as session:
        old, new = by_code(session, CALL), by_code(session, NEXT)
        assert (old.closes_at, new.recommend_by) == (CLOSES, None)
        assert new.closes_at == new.opens_at + timedelta(days=30)
        names = ["申报通知.pdf", "汇总表格式.pdf"]
        assert [one.filename for one in attachments_of(session, old)] == names
        assert [one.filename for one in attachments_of(session, new)] == names
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "call-copied")).one()
    assert entry.detail == {"call": NEXT, "copied_from": CALL, "bodies": 1, "items": 1, "papers": names}
    assert story.submits() == "Awaiting local review"


def test_what_is_not_wanted_stays_behind_and_a_paper_can_go_afterwards(story):
    del story
    prepared()
    with reading() as session:
        notice, table = (one.sha256 for one in attachments_of(session, by_code(session, CALL)))
    copied(Wanted(CALL, quotas=False, papers=[table]))
    with transaction() as session:
        new = by_code(session, NEXT)
        assert own_rows(session, new.id) == {}
        assert [one.sha256 for one in attachments_of(session, new)] == [table]
        take_from_notice(session, NEXT, table, by=cast.person(cast.OFFICE, session))
        assert attachments_of(session, new) == []
        assert len(attachments_of(session, by_code(session, CALL))) == 2
    with pytest.raises(Invalid) as refused:
        copied(Wanted(CALL, papers=[notice, "0" * 64]), code="2027-2")
    assert [fault.field for fault in refused.value.faults] == ["papers"]


def test_a_call_that_there_is_not_is_not_copied_and_only_the_office_copies(story):
    del story
    with pytest.raises(Invalid, match="更正"):
        copied(Wanted("1999-9"))
    with pytest.raises(NotPermitted):
        copied(Wanted(CALL), by=cast.DECIDER)


def test_places_set_later_in_one_call_are_not_those_of_the_other(story):
    del story
    prepared()
    copied(Wanted(CALL))
    with transaction() as session:
        new, office = by_code(session, NEXT), cast.person(cast.OFFICE, session)
        set_quotas(session, new, {body_id(HOME): 5}, by=office)
        assert own_rows(session, by_code(session, CALL).id) == {body_id(HOME): 1}
