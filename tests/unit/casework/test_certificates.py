"""Certificates: numbers without gaps, bytes that stay, verification that tells the truth."""

import hashlib
import re
from datetime import datetime

import pytest
from sqlmodel import select

from casework.certificates import pdf, verify
from casework.publication.register import search
from casework.revocations import confirm, propose
from casework.series import next_number
from core.clock import HUBEI
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound, NotPermitted, StageClosed
from core.files import fetch
from models.application import Application, Submission
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from regulation.definition import PROCEDURE
from tasks.accreditation import issue_certificate
from tests import cast
from tests.factories import another_institution
from tests.stories.crowd import at_once


def a_case(session, number: int) -> Case:
    """Enter a case of an institution of its own that only lacks its certificate."""
    person = cast.person(another_institution(session), session)
    first = session.exec(select(Application)).first()
    application = Application(
        call_id=first.call_id, organisation_id=person.organisation_id, recommender_id=first.recommender_id,
        created_by=person.id,
    )  # fmt: skip
    session.add(application)
    session.flush()
    content = {"unit_name": person.organisation_name, "base_name": f"示例基地{number}"}
    session.add(
        Submission(
            application_id=application.id, number=1, content=content, sha256="0" * 64, submitted_by=person.id
        )
    )  # fmt: skip
    case = Case(
        application_id=application.id, reference=f"JD-2026-9{number:03}", procedure=PROCEDURE, stage="certification"
    )
    session.add(case)
    session.flush()
    return case


def issued():
    with reading() as session:
        return list(session.exec(select(Certificate).order_by(Certificate.number)))


def revokes(number: str, reason: str = "提供虚假材料", by: str = cast.OFFICE) -> None:
    with transaction() as session:
        proposal = propose(session, number, "《行政许可法》第六十九条", reason, by=cast.person(by, session))
        confirm(session, proposal.id, by=cast.person(cast.DECIDER, session))


def test_twenty_at_once_take_twenty_numbers_without_a_gap(opened_at):
    opened_at("certified")
    with transaction() as session:
        cases = [a_case(session, number).id for number in range(20)]
    at_once(8, lambda mine: [take(case) for case in mine], [cases[n::8] for n in range(8)])
    assert [c.number for c in issued()] == [f"鄂继教基地〔2026〕{n:04}号" for n in range(1, 22)]
    assert len({c.token for c in issued()}) == 21


def take(case_id):
    """Issue a certificate outside any run, twice: the second finds nothing to do."""
    for _ in range(2):
        with transaction() as session:
            issue_certificate.act(session, session.get_one(Case, case_id, with_for_update=True))


def test_a_number_that_was_not_used_is_given_back(opened_at):
    opened_at("complete form")
    with reading() as session:
        assert next_number(session, "certificate-2026") == 1
    with transaction() as session:
        assert next_number(session, "certificate-2026") == 1

    def numbered() -> int:
        with transaction() as session:
            return next_number(session, "certificate-2026")

    assert sorted(at_once(8, numbered)) == list(range(2, 10))


@pytest.mark.parametrize(("at", "year"), [("2026-12-31T23:30", 2026), ("2027-01-01T00:30", 2027)])
def test_the_number_has_the_year_of_hubei(opened_at, clock, at, year):
    story = opened_at("certification")
    clock.move_to(datetime.fromisoformat(at).replace(tzinfo=HUBEI))
    story.certifies()
    (certificate,) = issued()
    assert certificate.number == f"鄂继教基地〔{year}〕0001号"
    assert certificate.issued_on.isoformat() == at[:10]


def test_the_pdf_is_kept_and_set_again_it_is_the_same(opened_at):
    opened_at("certified")
    (certificate,) = issued()
    kept = fetch(certificate.sha256)
    assert kept.startswith(b"%PDF")
    assert hashlib.sha256(kept).hexdigest() == certificate.sha256
    assert pdf(certificate) == kept


def test_it_is_verified_by_its_code_and_by_its_number(opened_at):
    opened_at("certified")
    (certificate,) = issued()
    with reading() as session:
        assert verify(session, f" {certificate.token} ").id == verify(session, certificate.number).id == certificate.id
        assert verify(session, certificate.number).revoked_at is None
        assert verify(session, "鄂继教基地〔2026〕9999号") is verify(session, "") is None


def test_revoked_it_says_so_everywhere_and_no_other_is_issued(opened_at):
    story = opened_at("certified")
    (certificate,) = issued()
    revokes(certificate.number)
    with reading() as session:
        found = verify(session, certificate.token)
        assert (found.revoked_at is not None, found.revocation_reason) == (True, "提供虚假材料")
        assert [base.revoked for base in search(session)] == [True]
    assert story.turn() == "Certified"
    assert [c.number for c in issued()] == [certificate.number]
    with pytest.raises(Conflict, match="已撤销"):
        revokes(certificate.number)


def test_only_the_office_revokes_and_says_why(opened_at):
    opened_at("certified")
    (certificate,) = issued()
    for stranger in (cast.APPLICANT, cast.DECIDER, cast.OPERATOR):
        with pytest.raises(NotPermitted):
            revokes(certificate.number, by=stranger)
    with pytest.raises(Invalid):
        revokes(certificate.number, " ")
    with pytest.raises(NotFound):
        revokes("鄂继教基地〔2026〕9999号")


def test_what_is_not_yet_published_cannot_be_revoked(opened_at, monkeypatch):
    story = opened_at("certification")
    monkeypatch.setattr("tasks.accreditation.publish.act", broken)
    with pytest.raises(OSError, match="broken"):
        story.certifies()
    with pytest.raises(StageClosed, match="尚未公布"):
        revokes(issued()[0].number)


def broken(*_):
    message = "broken"
    raise OSError(message)


def test_the_register_holds_no_person(opened_at):
    opened_at("certified")
    with reading() as session:
        entry = session.exec(select(RegisterEntry)).one()
    assert (entry.name, entry.base_name) == ("江汉示例职业技术学院", "江汉示例专业技术人员继续教育基地")
    assert not re.search("林晓|钱示例|130000", str(entry.model_dump()))
