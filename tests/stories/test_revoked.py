"""Revoking a certificate takes two persons; register and verification say so at once."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from casework.certificates import verify
from casework.publication.register import search
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound, NotPermitted
from models.message import Message
from models.person import UserRole
from regulation.roles import Role
from tests import cast
from tests.stories.objecting import confirms, declines, letters, proposes, the_certificate
from tests.stories.telling import Story

Opened = Callable[[str], Story]


@pytest.fixture
def number(opened_at: Opened) -> str:
    """The number of a certificate that is valid and public."""
    certificate = the_certificate(opened_at("certified"))
    assert certificate
    return certificate.number


def is_valid(number: str) -> tuple[bool, bool]:
    """Whether verification, and whether the register, call the certificate valid."""
    with reading() as session:
        certificate = verify(session, number)
        assert certificate
        return certificate.revoked_at is None, not search(session)[0].revoked


def test_proposed_it_stays_valid_until_another_confirms(number: str) -> None:
    proposal = proposes(number)
    assert is_valid(number) == (True, True)
    assert letters("revocation-proposed") == ["陈国示例"]
    confirms(proposal)
    assert is_valid(number) == (False, False)
    assert letters("revoked") == ["林晓示例"]
    with reading() as session:
        facts = session.exec(select(Message.facts).where(Message.letter == "revoked")).one()
    assert (facts["basis"], facts["reasons"]) == ("《行政许可法》第六十九条", "经查，申报材料不实。")


def test_nobody_confirms_what_they_proposed(number: str) -> None:
    proposal = proposes(number)
    with transaction() as session:
        both = UserRole(user_id=cast.person(cast.OFFICE, session).id, role=Role.DECIDER)
        session.add(both)
    with pytest.raises(NotPermitted, match="两人"):
        confirms(proposal, by=cast.OFFICE)
    assert is_valid(number) == (True, True)
    with transaction() as session:
        session.delete(session.merge(both))


def test_declined_it_stays_and_can_be_proposed_again(number: str) -> None:
    declines(proposes(number))
    assert is_valid(number) == (True, True)
    proposal = proposes(number)
    with pytest.raises(Conflict, match="已有待确认的撤销提议"):
        proposes(number)
    confirms(proposal)
    with pytest.raises(Conflict, match="陈国示例"):
        declines(proposal)
    with pytest.raises(Conflict, match="已撤销"):
        proposes(number)


def test_only_the_office_proposes_with_reasons(number: str) -> None:
    for stranger in (cast.APPLICANT, cast.DECIDER, cast.OPERATOR):
        with pytest.raises(NotPermitted):
            proposes(number, by=stranger)
    with pytest.raises(Invalid):
        proposes(number, reasons=" ")
    with pytest.raises(NotFound):
        proposes("鄂继教基地〔2026〕9999号")
    with pytest.raises(NotPermitted):
        confirms(proposes(number), by=cast.AUDITOR)
