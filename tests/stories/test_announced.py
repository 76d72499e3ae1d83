"""Art. 6: the department announces the recognised bases, each once, and hands over the plaque."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.calls import by_code
from casework.certificates import Validity, last_day, pdf
from casework.demonstration import CALL
from casework.publication.announcement_pdf import pdf as announcement_pdf
from casework.publication.announcements import announcement_of
from casework.publication.feed import feed
from casework.publication.open_data import open_data
from casework.publication.register import Asked, search, spread
from casework.publication.waiting import Unannounced, to_announce, unannounced
from core.clock import today
from core.db import reading
from core.errors import Conflict, Invalid, NotFound, NotPermitted
from core.files import digest, fetch
from models.certificate import Certificate
from models.journal import JournalEntry
from tests import cast
from tests.stories.announcing import NUMBER, announces, ended, enters, handed, made, numbers, revoked, the_plaques
from tests.stories.crowd import at_once
from tests.stories.objecting import another, letters
from tests.stories.telling import Story

Opened = Callable[[str], Story]


@pytest.fixture
def number(opened_at: Opened) -> str:
    """The number of a certificate that is valid and public."""
    opened_at("certified")
    (found,) = numbers()
    return found


def waiting() -> list[Unannounced]:
    with reading() as session:
        return unannounced(session, by_code(session, CALL), by=cast.person(cast.OFFICE, session))


def journal_of(act: str) -> list[dict[str, object]]:
    with reading() as session:
        return [entry.detail for entry in session.exec(select(JournalEntry).where(JournalEntry.act == act))]


def test_a_base_is_announced_once(number: str) -> None:
    assert [one.certificate.number for one in waiting()] == [number]
    made_known = announces()
    assert waiting() == []
    assert letters("announced") == ["林晓示例"]
    assert journal_of("announced") == [{"number": NUMBER}]
    with reading() as session:
        told, lines = announcement_of(session, made_known.id)
        (base,) = search(session)
    assert [(line.place, certificate.number) for line, certificate in lines] == [(1, number)]
    assert (told.size, base.announcement_number, base.announced_on) == (1, NUMBER, today())
    with pytest.raises(Conflict) as late:
        announces([number], "鄂人社函〔2026〕129号")
    assert number in late.value.sentence()


def test_the_document_is_set_the_same_way_again(number: str) -> None:
    del number
    made_known = announces()
    with reading() as session:
        told, lines = announcement_of(session, made_known.id)
        again = announcement_pdf(told.announcement, told.call, [line for line, _ in lines])
    assert digest(again) == made_known.sha256 == digest(fetch(made_known.sha256))


def test_of_two_clerks_at_once_one_is_told_that_the_other_was_first(number: str) -> None:
    results = at_once(2, announces, [[number], [number]], ["鄂人社函〔2026〕128号", "鄂人社函〔2026〕129号"])
    assert sorted(type(one).__name__ for one in results) == ["Announcement", "Conflict"]


def test_a_number_is_taken_once(number: str, clock: Traveller) -> None:
    another(clock).certifies()
    (second,) = set(numbers()) - {number}
    announces([number])
    with pytest.raises(Conflict) as taken:
        announces([second], "鄂人社函[2026] 128号")
    assert NUMBER in taken.value.sentence()
    assert "周敏示例" in taken.value.sentence()
    assert [one.certificate.number for one in waiting()] == [second]


def test_of_two_who_take_the_same_number_at_once_one_is_told_who_was_first(number: str, clock: Traveller) -> None:
    another(clock).certifies()
    results = at_once(2, announces, [[one] for one in numbers()])
    (refused,) = [one for one in results if isinstance(one, Conflict)]
    assert "周敏示例" in refused.sentence()
    assert len(waiting()) == 1
    assert number in numbers()


@pytest.mark.parametrize(
    "wrong", ["", "128号", "鄂人社函2026-128", "鄂人社函〔2026〕0128号", "鄂人社函〔2026〕第128号", "x" * 80]
)
def test_a_number_that_is_none_is_refused_with_the_rule(number: str, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        announces([number], wrong)
    assert [fault.field for fault in refused.value.faults] == ["number"]
    assert "GB/T 9704" in refused.value.faults[0].message


def test_every_fault_is_told_at_once_and_nothing_taken_half(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        announces([], "", title=" ", dated_on=today() + timedelta(1))
    assert [fault.field for fault in refused.value.faults] == ["number", "title", "dated_on", "certificates"]
    with pytest.raises(Invalid):
        announces([number], dated_on=today() - timedelta(1))
    with pytest.raises(Conflict):
        announces([number, "鄂继教基地〔2026〕9999号"])
    assert len(waiting()) == 1


def test_what_was_revoked_before_is_not_announced(number: str) -> None:
    revoked(number)
    assert waiting() == []
    with pytest.raises(Conflict):
        announces([number])


def test_only_the_office_announces(number: str) -> None:
    del number
    with reading() as session, pytest.raises(NotPermitted):
        unannounced(session, by_code(session, CALL), by=cast.person(cast.DECIDER, session))


def test_twenty_working_days_are_given_and_then_it_is_late(number: str, clock: Traveller) -> None:
    del number
    (one,) = waiting()
    assert (one.certificate.issued_on, one.due.day, one.late) == (date(2026, 9, 14), date(2026, 10, 16), False)
    clock.shift(timedelta(days=32))
    assert not waiting()[0].late
    clock.shift(timedelta(days=1))
    with reading() as session:
        (call,) = to_announce(session, by=cast.person(cast.OFFICE, session))
    assert (call.late, call.due_on) == (1, date(2026, 10, 16))


def test_a_revocation_reaches_register_open_data_and_feed_at_once(number: str) -> None:
    announces()
    revoked(number)
    with reading() as session:
        (base,) = search(session, Asked(validity="revoked"))
        assert base.validity is Validity.REVOKED
        assert search(session, Asked(validity="valid")) == []
        assert spread(session).total == 0
        published = open_data(session)
        assert [(row["certificate_number"], row["state"]) for row in published.rows] == [(number, "revoked")]
        assert published.changed_at == base.certificate.revoked_at
        news = feed(session)
    assert news.entries[0].title.startswith("证书撤销")
    assert len({one.identity for one in news.entries}) == len(news.entries) == 3
    assert news.updated == base.certificate.revoked_at


def test_a_certificate_has_an_end_when_the_policy_gives_one(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("certification")
    story.under(validity_years=5)
    story.certifies()
    with reading() as session:
        certificate = session.exec(select(Certificate)).one()
    assert certificate.valid_until == date(2031, 9, 13)
    assert digest(pdf(certificate)) == certificate.sha256 != digest(pdf(replaced(certificate)))
    clock.move_to(clock_at(date(2031, 9, 13)))
    with reading() as session:
        assert [base.validity for base in search(session)] == [Validity.VALID]
    clock.move_to(clock_at(date(2031, 9, 14)))
    with reading() as session:
        assert [base.validity for base in search(session, Asked(validity="expired"))] == [Validity.EXPIRED]
        assert open_data(session).rows[0]["state"] == "expired"
    clock.move_to(clock_at(date(2026, 9, 14)))


def clock_at(day: date) -> str:
    return f"{day.isoformat()}T12:00:00+08:00"


def replaced(certificate: Certificate) -> Certificate:
    """The same certificate without an end."""
    return Certificate(**certificate.model_dump() | {"valid_until": None})


@pytest.mark.parametrize(
    ("issued", "years", "last"),
    [
        (date(2026, 9, 14), 0, None),
        (date(2026, 9, 14), 5, date(2031, 9, 13)),
        (date(2028, 2, 29), 5, date(2033, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2027, 1, 1), 1, date(2027, 12, 31)),
    ],
    ids=["endless", "five years", "leap day", "leap to leap", "new year"],
)
def test_the_last_day_is_the_one_before_the_anniversary(issued: date, years: int, last: date | None) -> None:
    assert last_day(issued, years) == last


def test_a_plaque_is_entered_made_handed_over_each_once(number: str) -> None:
    assert [one.state for one in the_plaques()] == ["none"]
    plaque = enters(number)
    (line,) = the_plaques()
    assert line.plaque
    assert (line.state, line.plaque.number) == ("entered", "鄂继教牌〔2026〕0001号")
    assert line.plaque.text == "湖北省专业技术人员继续教育基地\n湖北省人力资源和社会保障厅\n2026年9月"
    for early in (handed, ended):
        with pytest.raises(Conflict):
            early(plaque)
    made(plaque)
    handed(plaque)
    assert [one.state for one in the_plaques()] == ["handed"]
    for again in (made, handed):
        with pytest.raises(Conflict):
            again(plaque)
    with pytest.raises(Conflict):
        enters(number)
    assert [len(journal_of(f"plaque-{act}")) for act in ("entered", "made", "handed")] == [1, 1, 1]


def test_a_plaque_comes_back_after_the_revocation(number: str) -> None:
    plaque = enters(number)
    made(plaque)
    handed(plaque)
    revoked(number)
    assert [one.state for one in the_plaques()] == ["recall"]
    ended(plaque, "destroyed")
    assert [one.state for one in the_plaques()] == ["ended"]
    with pytest.raises(Conflict):
        ended(plaque)


def test_no_plaque_is_made_for_a_revoked_certificate(number: str) -> None:
    plaque = enters(number)
    revoked(number)
    assert [one.state for one in the_plaques()] == ["void"]
    with pytest.raises(Conflict):
        made(plaque)
    with pytest.raises(NotFound):
        enters("鄂继教基地〔2026〕9999号")


def test_days_of_a_plaque_are_in_order_and_not_to_come(number: str) -> None:
    plaque = enters(number)
    for wrong in (today() + timedelta(1), today() - timedelta(1)):
        with pytest.raises(Invalid):
            made(plaque, wrong)
    made(plaque)
    with pytest.raises(Invalid) as refused:
        handed(plaque, " ", today() + timedelta(1))
    assert [fault.field for fault in refused.value.faults] == ["to", "on"]
    with pytest.raises(Invalid):
        ended(plaque, "lost")


def test_of_two_who_enter_the_same_plaque_one_is_refused(number: str) -> None:
    results = at_once(2, enters, [number, number])
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert len([one for one in the_plaques() if one.plaque]) == 1
