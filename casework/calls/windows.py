"""The windows of a call: which are open now, by the server's clock, and what is refused outside them."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from casework.cases import call_of
from core.clock import local, now
from core.errors import CallClosed, NotFound
from core.i18n import marked
from models.application import Call
from models.case import Case
from regulation.outcomes import Outcome

ENDS_UPWARDS = frozenset({Outcome.APPROVED, Outcome.RETURNED})
"""What a recommending body may conclude in time only; a refusal sends nothing to the province."""
TOO_LATE = marked(
    "批次“{call}”的推荐上报截止时间为{until}（北京时间），现已截止，不能再推荐或退回补正"
    "（《暂行办法》第五条第（三）项、本批次申报通知）。该申报仍予保留；确需继续办理的，请联系继教办延长推荐上报时间。"
)
MOMENT = "%Y-%m-%d %H:%M"


def by_code(session: Session, code: str, *, hold: bool = False) -> Call:
    """Return the call of that code, locked for the transaction if `hold`; raises `NotFound`."""
    found = select(Call).where(Call.code == code)
    found = found.with_for_update().execution_options(populate_existing=True) if hold else found
    call = session.exec(found).first()
    if not call:
        raise NotFound
    return call


def is_open(call: Call, at: datetime | None = None) -> bool:
    """Whether applications may be filed now, by the server's clock."""
    return call.opens_at <= (at or now()) < call.closes_at


def require_open(call: Call) -> None:
    """Raise `CallClosed`, with the window in Beijing time, unless the call is open."""
    if not is_open(call):
        raise CallClosed(call=call.title, opens=f"{local(call.opens_at):{MOMENT}}", closes=beijing(call.closes_at))


def recommends_still(call: Call, at: datetime | None = None) -> bool:
    """Whether bodies may still recommend in a call; always, where it sets no last moment."""
    return call.recommend_by is None or (at or now()) < call.recommend_by


def last_day_to_recommend(call: Call) -> date | None:
    """Return the last day, in Beijing, on which bodies may recommend in a call; None where it sets no last moment."""
    return local(call.recommend_by - timedelta.resolution).date() if call.recommend_by else None


def require_time_to_recommend(session: Session, case: Case, outcome: Outcome) -> None:
    """Raise `CallClosed` for a recommendation, or a return, after the body's window; only an extension helps then."""
    call = call_of(session, case)
    if outcome in ENDS_UPWARDS and not recommends_still(call):
        raise CallClosed(TOO_LATE, call=call.title, until=beijing(call.recommend_by))


def beijing(at: datetime | None) -> str:
    """Return an instant as clocks in Beijing show it, to the minute; nothing for none."""
    return f"{local(at):{MOMENT}}" if at else ""


def all_calls(session: Session) -> list[Call]:
    """Return every call, the newest first."""
    return list(session.exec(select(Call).order_by(col(Call.opens_at).desc())))


def open_calls(session: Session) -> list[Call]:
    """Return the calls one can apply to now, the next to close first."""
    at = now()
    current = select(Call).where(col(Call.opens_at) <= at, col(Call.closes_at) > at)
    return list(session.exec(current.order_by(col(Call.closes_at))))
