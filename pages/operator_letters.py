"""Letters in the operator's hands: which left, which did not and why, what they say, and sending one again."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.letters import LetterSearch, count_by_state, posted, send_again
from core.addresses import identity, words
from core.db import reading, transaction
from core.errors import Conflict, NotFound
from core.i18n import gettext, marked
from core.settings import settings
from models.case import Case
from models.message import Message, MessageState
from notifications.composing import compose
from notifications.delivery import freeze
from pages.case_letters import KINDS, STATES
from pages.kit import Column, Crumb, Option
from pages.operator_stalled import Operator
from pages.rendering import page, redirect
from pages.submission import Submitted

router = APIRouter()

ADDRESS = "/operator/letters"
LONGEST_CURSOR = 1200
COLUMNS = (
    Column(marked("函件")),
    Column(marked("收件人")),
    Column(marked("状态")),
    Column(marked("尝试次数"), numeric=True),
    Column(marked("时间")),
)
AGAIN = frozenset({MessageState.FAILED, MessageState.UNKNOWN, MessageState.DUE})
QUEUED = marked("已列入待发，通常在一分钟内发出。")
SURE = {
    MessageState.UNKNOWN: marked("对方可能已经收到该函件，再次发送可能重复。确定再次发送？"),
    MessageState.FAILED: marked("确定再次发送该函件？"),
    MessageState.DUE: "",
}


@dataclass(frozen=True)
class LetterRow:
    """One letter in the list; `state` is a badge's text and kind."""

    message: Message
    href: str
    kind: str
    reference: str
    state: tuple[str, str]


@dataclass(frozen=True)
class LettersPage:
    """One page of the letters."""

    rows: list[LetterRow]
    search: LetterSearch
    states: list[Option]
    columns: list[Column]
    next: str
    mail_off: bool


@dataclass(frozen=True)
class LetterPage:
    """One letter: its fate, its headers, what it says; `broken` tells why it cannot be written."""

    row: LetterRow
    headers: list[tuple[str, str]]
    preview: bool
    broken: str
    again: bool
    sure: str
    refusal: str
    sender: str
    crumbs: list[Crumb]


@router.get(ADDRESS)
def letters(request: Request, person: Operator) -> Response:
    """Search the letters, the newest first."""
    del person
    query = request.query_params
    state = query.get("state", "")
    search = LetterSearch(
        words(query.get("q", "")), state if state in set(MessageState) else "", query.get("after", "")[:LONGEST_CURSOR]
    )
    with reading() as session:
        found = posted(session, search)
        counts = count_by_state(session)
    context = LettersPage(
        rows=[_row(message, reference) for message, reference in found.rows],
        search=search,
        states=[
            Option(one, gettext("{what}（{n}）", what=gettext(title), n=counts[one]))
            for one, (title, _) in STATES.items()
        ],
        columns=[Column(gettext(one.title), numeric=one.numeric) for one in COLUMNS],
        next=found.next,
        mail_off=not settings().mail.host,
    )
    return page(request, "operator/letters.html", context)


@router.get(ADDRESS + "/{letter_id}")
def letter(request: Request, letter_id: str, person: Operator) -> Response:
    """Show one letter as it left, or as it would leave now."""
    del person
    return _shown(request, identity(letter_id))


@router.post(ADDRESS + "/{letter_id}")
def again(request: Request, letter_id: str, form: Submitted, person: Operator) -> Response:
    """Send a letter again; its Message-ID stays, so a good mail server recognises it."""
    del form
    known = identity(letter_id)
    try:
        with transaction() as session:
            send_again(session, known, by=person)
    except Conflict as refused:
        return _shown(request, known, refused.sentence(), status=refused.status)
    return redirect(request, f"{ADDRESS}/{known}", notice=gettext(QUEUED))


def _shown(request: Request, letter_id: UUID, refusal: str = "", status: int = 200) -> Response:
    with reading() as session:
        message = session.get(Message, letter_id)
        if not message:
            raise NotFound
        case = session.get(Case, message.case_id) if message.case_id else None
    row = _row(message, case.reference if case else "")
    preview = not message.subject
    broken, headers = _written(message)
    context = LetterPage(
        row=row,
        headers=headers,
        preview=preview,
        broken=broken,
        again=message.state in AGAIN,
        sure=gettext(SURE.get(message.state, "")) if message.state in AGAIN else "",
        refusal=refusal,
        sender=settings().mail.sender,
        crumbs=[Crumb(gettext("函件"), ADDRESS), Crumb(row.kind)],
    )
    return page(request, "operator/letter.html", context, status=status)


def _written(message: Message) -> tuple[str, list[tuple[str, str]]]:
    """Write a letter that has not left yet, for showing only; return what is wrong with it, and its headers."""
    try:
        freeze(message)
        headers: Iterable[tuple[str, object]] = compose(message, settings().mail).items()
    except Exception as error:  # noqa: BLE001 - as in delivery: whatever is wrong with a letter must be seen here
        return f"{type(error).__name__}: {error}", []
    return "", [(name, str(value)) for name, value in headers]


def _row(message: Message, reference: str) -> LetterRow:
    title, look = STATES[message.state]
    return LetterRow(
        message=message,
        href=f"{ADDRESS}/{message.id}",
        kind=gettext(KINDS.get(message.letter, message.letter)),
        reference=reference,
        state=(gettext(title), look),
    )
