"""Extending a window of a call: a decision on record, told on the call's page and in letters; never to be earlier."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from casework import journal
from casework.access import require
from casework.assignments import due_in
from casework.calls.windows import beijing, by_code
from casework.letters import post
from casework.people import Person, holders_of
from core.clock import local, now, today
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Application, Call
from models.call import CallExtension, Window
from models.case import Assignment, Case
from models.person import User
from regulation.roles import Duty, Role

FIELDS = {Window.APPLICATION: "closes_at", Window.RECOMMENDATION: "recommend_by"}
"""The moment of the call that ends each window."""
LONGEST_REASONS = 500
NOTHING = marked("请至少填写一项延长后的时间。")
NOT_LATER = marked("延长后的时间应晚于现定的{was}（北京时间）；期限只能延长，不能提前。")
PAST = marked("延长后的时间应晚于现在。")
NONE_SET = marked("本批次未设推荐上报截止时间，无须延长。")
OUT_OF_ORDER = marked("推荐上报截止时间（{recommend_by}）不得早于申报截止时间（{closes_at}），请一并延长。")
NO_REASONS = marked("请写明延长的理由，不超过 {longest} 字。")


@dataclass(frozen=True)
class Later:
    """What a call's windows are to be extended to (None: as it is), and why."""

    closes_at: datetime | None = None
    recommend_by: datetime | None = None
    reasons: str = ""

    def until(self, window: Window) -> datetime | None:
        """Return the new end of a window."""
        return self.closes_at if window is Window.APPLICATION else self.recommend_by


def extend(session: Session, code: str, later: Later, *, by: Person) -> list[CallExtension]:
    """Let windows of a call end later, also one that has ended; whoever it concerns gets a letter.

    Raises `NotPermitted`, `NotFound`, or `Invalid` with every fault at once.
    """
    require(by, Role.OFFICE)
    call = by_code(session, code, hold=True)
    if faults := faults_of(call, later):
        raise Invalid(faults=faults)
    number = session.exec(select(func.count()).where(CallExtension.call_id == call.id)).one()
    extensions = []
    for window in Window:
        if until := later.until(window):
            number += 1
            extensions.append(enter(session, call, (number, window, until), later.reasons.strip(), by=by))
    session.flush()
    if later.recommend_by:
        move_duties(session, call)
    tell(session, call, extensions)
    return extensions


def move_duties(session: Session, call: Call) -> None:
    """Let the duty to recommend end later too, at most with its ordinary term; its new day is reminded of like any."""
    held = select(Case).join(Application, col(Application.id) == Case.application_id)
    held = held.where(Application.call_id == call.id, col(Case.closed_at).is_(None)).order_by(col(Case.id))
    for case in session.exec(held.with_for_update(of=Case)).all():
        open_duty = select(Assignment).where(Assignment.case_id == case.id, Assignment.duty == Duty.RECOMMEND)
        open_duty = open_duty.where(col(Assignment.ended_at).is_(None)).execution_options(populate_existing=True)
        for duty in session.exec(open_duty):
            _move(session, case, duty)


def _move(session: Session, case: Case, duty: Assignment) -> None:
    reckoned = due_in(session, case, duty.duty, local(duty.assigned_at).date())
    if reckoned.day > duty.due_on and reckoned.day >= today():
        duty.reminded_at = duty.pressed_at = duty.escalated_at = None
    duty.due_on, duty.provisional = reckoned.day, reckoned.provisional


def enter(
    session: Session, call: Call, step: tuple[int, Window, datetime], reasons: str, *, by: Person
) -> CallExtension:
    """Write one extension and its journal line, and move the window's end."""
    number, window, until = step
    was: datetime = getattr(call, FIELDS[window])
    extension = CallExtension(
        call_id=call.id, number=number, window=window, was=was, until=until, reasons=reasons, decided_by=by.id
    )
    session.add(extension)
    setattr(call, FIELDS[window], until)
    told: dict[str, Any] = {"was": was.isoformat(), "until": until.isoformat(), "reasons": reasons}
    journal.note(session, "call-extended", case=None, by=by, call=call.code, window=window, **told)
    return extension


def faults_of(call: Call, later: Later) -> list[Fault]:
    """Return everything that is wrong with an extension."""
    faults = []
    if not later.closes_at and not later.recommend_by:
        faults.append(Fault("closes_at", gettext(NOTHING)))
    for window, name in FIELDS.items():
        if (until := later.until(window)) and (sentence := _refusal(getattr(call, name), until)):
            faults.append(Fault(name, sentence))
    closes_at, recommend_by = later.closes_at or call.closes_at, later.recommend_by or call.recommend_by
    if not faults and recommend_by and recommend_by < closes_at:
        sentence = gettext(OUT_OF_ORDER, recommend_by=beijing(recommend_by), closes_at=beijing(closes_at))
        faults.append(Fault("recommend_by", sentence))
    if not 1 < len(later.reasons.strip()) <= LONGEST_REASONS:
        faults.append(Fault("reasons", gettext(NO_REASONS, longest=LONGEST_REASONS)))
    return faults


def _refusal(was: datetime | None, until: datetime) -> str:
    if was is None:
        return gettext(NONE_SET)
    if until <= was:
        return gettext(NOT_LATER, was=beijing(was))
    return gettext(PAST) if until <= now() else ""


def tell(session: Session, call: Call, extensions: list[CallExtension]) -> None:
    """Post the letter to the recommenders and, if they have longer to file, to applicants whose draft is not filed."""
    windows = {one.window for one in extensions}
    drafts = drafting(session, call) if Window.APPLICATION in windows else []
    for reader in [*holders_of(session, Role.RECOMMENDER), *drafts]:
        post(
            session,
            "extended",
            reader,
            about=str(extensions[0].id),
            call=call.title,
            path=f"/calls/{call.code}",
            closes_at=beijing(call.closes_at),
            recommend_by=beijing(call.recommend_by),
            reasons=extensions[0].reasons,
        )


def drafting(session: Session, call: Call) -> list[User]:
    """Return the people of the institutions that have begun an application in a call and not filed it."""
    filed = select(Case.id).where(Case.application_id == Application.id).exists()
    institutions = select(Application.organisation_id).where(Application.call_id == call.id, ~filed)
    people = select(User).where(col(User.organisation_id).in_(institutions), col(User.closed_at).is_(None))
    return list(session.exec(people.order_by(User.name)))


def extensions_of(session: Session, call: Call) -> list[tuple[CallExtension, User]]:
    """Return the extensions of a call in their order, with who decided them."""
    mine: ColumnElement[bool] = col(CallExtension.call_id) == call.id
    found = select(CallExtension, User).join(User, col(User.id) == CallExtension.decided_by).where(mine)
    return [(extension, user) for extension, user in session.exec(found.order_by(col(CallExtension.number)))]
