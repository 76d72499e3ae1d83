"""Plaques 牌匾: one for each certificate, entered, made, handed over, and taken back when it is revoked (Art. 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from casework import journal
from casework.access import require
from casework.cases import held
from casework.certificates import held_with
from casework.organisations import PROVINCE
from casework.people import Person
from casework.series import next_number
from core.clock import today
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from models.publication import Ending, Plaque
from regulation.roles import Role

LONGEST_TEXT, LONGEST_NAME, MOST = 200, 100, 2000
SUBJECT = "湖北省专业技术人员继续教育基地"

UNKNOWN = marked("没有已公布的这一编号的证书，请核对。")
REVOKED = marked("该证书已撤销，不再制作、颁发牌匾。")
ENTERED = marked("该证书的牌匾已登记，编号{number}，不能重复登记。")
NO_TEXT = marked("请填写牌匾文字（不超过 200 字）。")
MADE = marked("该牌匾已登记制作（{on}）。")
NOT_MADE = marked("该牌匾尚未登记制作，请先登记制作日期。")
HANDED = marked("该牌匾已登记颁发（{on}）。")
ENDED = marked("该牌匾已登记收回或销毁（{on}）。")
NO_DAY = marked("请填写日期，不能晚于今天。")
OUT_OF_ORDER = marked("日期不能早于前一事项的日期（{on}）。")
NOBODY = marked("请填写领取单位和领取人（不超过 100 字）。")
NO_ENDING = marked("请选择收回或销毁。")

STATES = {
    "none": marked("未登记"),
    "entered": marked("待制作"),
    "made": marked("待颁发"),
    "handed": marked("已颁发"),
    "recall": marked("待收回"),
    "ended": marked("已收回或销毁"),
    "void": marked("不再制作"),
}
"""Where a plaque stands; `recall`: its certificate is revoked and it is still about."""
TO_DO = frozenset({"none", "entered", "made", "recall"})


@dataclass(frozen=True)
class PlaqueLine:
    """A certificate and its plaque, if that was entered."""

    certificate: Certificate
    entry: RegisterEntry
    plaque: Plaque | None

    @property
    def state(self) -> str:
        """Where it stands, a key of `STATES`."""
        plaque, revoked = self.plaque, bool(self.certificate.revoked_at)
        if plaque and plaque.ended_on:
            return "ended"
        if revoked:
            return "recall" if plaque and plaque.made_on else "void"
        if not plaque:
            return "none"
        return "handed" if plaque.handed_on else "made" if plaque.made_on else "entered"


def text_for(certificate: Certificate) -> str:
    """Return what a plaque says unless the office changes it."""
    return f"{SUBJECT}\n{PROVINCE}\n{certificate.issued_on.year}年{certificate.issued_on.month}月"


def enter(session: Session, number: str, text: str | None = None, *, by: Person) -> Plaque:
    """Enter the plaque of a certificate under a number of its own; no text: the usual one.

    Raises `NotPermitted`, `NotFound`, `Invalid`, `Conflict` for one that is entered already or a revoked certificate.
    """
    require(by, Role.OFFICE)
    found = select(Certificate).join(RegisterEntry, col(RegisterEntry.certificate_id) == Certificate.id)
    certificate = session.exec(found.where(Certificate.number == number.strip())).first()
    if not certificate:
        raise NotFound(UNKNOWN)
    case = held(session, certificate.case_id)
    session.refresh(certificate)
    if before := session.exec(select(Plaque).where(Plaque.certificate_id == certificate.id)).first():
        raise Conflict(ENTERED, number=before.number)
    if certificate.revoked_at:
        raise Conflict(REVOKED)
    words = text_for(certificate) if text is None else text.strip()
    if not 0 < len(words) <= LONGEST_TEXT:
        raise Invalid(faults=[Fault("text", NO_TEXT)])
    year = today().year
    serial = f"鄂继教牌〔{year}〕{next_number(session, f'plaque-{year}'):04}号"
    plaque = Plaque(certificate_id=certificate.id, number=serial, text=words)
    session.add(plaque)
    journal.note(session, "plaque-entered", case=case, by=by, number=serial)
    return plaque


def record_made(session: Session, plaque_id: UUID, on: date | None, *, by: Person) -> Plaque:
    """Record the day on which a plaque was made; raises `Conflict` for what was recorded, `Invalid`."""
    plaque, certificate, case = _held(session, plaque_id, by)
    if plaque.made_on:
        raise Conflict(MADE, on=plaque.made_on.isoformat())
    if certificate.revoked_at:
        raise Conflict(REVOKED)
    plaque.made_on = _day(on, after=certificate.issued_on)
    journal.note(session, "plaque-made", case=case, by=by, number=plaque.number, on=plaque.made_on.isoformat())
    return plaque


def hand_over(session: Session, plaque_id: UUID, on: date | None, to: str, *, by: Person) -> Plaque:
    """Record that a plaque was handed over, when and to whom; raises `Conflict` for what was recorded, `Invalid`."""
    plaque, certificate, case = _held(session, plaque_id, by)
    if plaque.handed_on:
        raise Conflict(HANDED, on=plaque.handed_on.isoformat())
    if certificate.revoked_at:
        raise Conflict(REVOKED)
    if not plaque.made_on:
        raise Conflict(NOT_MADE)
    receiver = to.strip()
    nobody = [] if 0 < len(receiver) <= LONGEST_NAME else [Fault("to", NOBODY)]
    plaque.handed_on = _day(on, after=plaque.made_on, beside=nobody)
    plaque.handed_to = receiver
    on_day = plaque.handed_on.isoformat()
    journal.note(session, "plaque-handed", case=case, by=by, number=plaque.number, on=on_day)
    return plaque


def end(session: Session, plaque_id: UUID, on: date | None, ending: str, *, by: Person) -> Plaque:
    """Record that a plaque was returned or destroyed; raises `Conflict` for what was recorded, `Invalid`."""
    plaque, _, case = _held(session, plaque_id, by)
    if not plaque.made_on:
        raise Conflict(NOT_MADE)
    unknown = [] if ending in set(Ending) else [Fault("ending", NO_ENDING)]
    day = _day(on, after=plaque.handed_on or plaque.made_on, beside=unknown)
    plaque.ended_on, plaque.ending = day, Ending(ending)
    journal.note(session, f"plaque-{plaque.ending}", case=case, by=by, number=plaque.number, on=day.isoformat())
    return plaque


def plaques(session: Session, *, by: Person) -> list[PlaqueLine]:
    """Return every published certificate with its plaque, in the order of the numbers."""
    require(by, Role.OFFICE)
    return [PlaqueLine(*row) for row in session.exec(_lines().order_by(col(Certificate.number)).limit(MOST))]


def plaque_of(session: Session, plaque_id: UUID, *, by: Person) -> PlaqueLine:
    """Return one plaque with its certificate; raises `NotFound`."""
    require(by, Role.OFFICE)
    row = session.exec(_lines().where(Plaque.id == plaque_id)).first()
    if not row:
        raise NotFound
    return PlaqueLine(*row)


def _lines() -> Select[Certificate, RegisterEntry, Plaque]:
    return (
        select(Certificate, RegisterEntry, Plaque)
        .join(RegisterEntry, col(RegisterEntry.certificate_id) == Certificate.id)
        .join(Plaque, col(Plaque.certificate_id) == Certificate.id, isouter=True)
    )


def _held(session: Session, plaque_id: UUID, by: Person) -> tuple[Plaque, Certificate, Case]:
    """Hold the case behind a plaque that is still about."""
    require(by, Role.OFFICE)
    plaque = session.get(Plaque, plaque_id)
    if not plaque:
        raise NotFound
    certificate, case = held_with(session, plaque)
    if plaque.ended_on:
        raise Conflict(ENDED, on=plaque.ended_on.isoformat())
    return plaque, certificate, case


def _day(on: date | None, *, after: date, beside: Sequence[Fault] = ()) -> date:
    """Return the day of a step; raises `Invalid` for one to come or before the step before it, with other faults."""
    faults = list(beside)
    if not on or on > today():
        faults.append(Fault("on", NO_DAY))
    elif on < after:
        faults.append(Fault("on", gettext(OUT_OF_ORDER, on=after.isoformat())))
    if faults or not on:
        raise Invalid(faults=faults)
    return on
