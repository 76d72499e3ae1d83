"""Inbox, queue and archive: what is one's own to do, what anyone of one's role may do, and what one has done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.assignments import absent_holder
from casework.inboxes import MOST, Item, archive_of, inbox_of, queue_of
from casework.people import Person
from core.db import reading
from core.i18n import gettext, marked
from pages.kit import Column
from pages.rendering import page
from pages.session import Holding
from regulation.definition import stage
from regulation.roles import Role

router = APIRouter()

ON_DUTY = (Role.RECOMMENDER, Role.OFFICE, Role.EXPERT, Role.CHAIR, Role.INSPECTOR, Role.DECIDER)
Reviewer = Annotated[Person, Depends(Holding(*ON_DUTY))]


@dataclass(frozen=True)
class Kind:
    """One of the three lists in words."""

    title: str
    lead: str
    empty: str
    expect: str


INBOX = Kind(
    marked("待办"),
    marked("分派给您本人或本单位的事项，最急的在前。"),
    marked("没有待办事项"),
    marked("有新的事项分派给您时，会显示在这里，并发邮件通知。"),
)
QUEUE = Kind(
    marked("待领"),
    marked("同一身份的任何一位都可以办理的事项，最急的在前。"),
    marked("没有待领事项"),
    marked("需要您这一身份办理的事项会显示在这里，由任何一位办结后即从这里移走。"),
)
ARCHIVE = Kind(
    marked("已办"),
    marked("您办结的事项，最近的在前；点开可查看当时的结论和材料。"),
    marked("还没有办结的事项"),
    marked("您办结的事项会按时间列在这里，随时可以查阅。"),
)
COLUMNS = (marked("事项"), marked("申报"), marked("环节"))
OPEN_COLUMNS = (*COLUMNS, marked("应办结"), marked("收到"))
DONE_COLUMNS = (*COLUMNS, marked("办结时间"), marked("应办结"))


@dataclass(frozen=True)
class Line:
    """One duty in a list."""

    href: str
    duty: str
    base_name: str
    unit: str
    reference: str
    stage: str
    round: int
    due_on: date
    late: bool
    assigned_at: datetime
    done_at: datetime | None
    in_place_of: str = ""


@dataclass(frozen=True)
class ListPage:
    """One of the three lists."""

    kind: Kind
    lines: list[Line]
    late: int
    done: bool
    columns: list[Column]
    most: int


@router.get("/inbox")
def inbox(request: Request, person: Reviewer) -> Response:
    """Show what is this very person's to do."""
    return _listed(request, person, INBOX, inbox_of)


@router.get("/queue")
def queue(request: Request, person: Reviewer) -> Response:
    """Show what anyone of the person's role may do."""
    return _listed(request, person, QUEUE, queue_of)


@router.get("/archive")
def archive(request: Request, person: Reviewer) -> Response:
    """Show what the person has done."""
    return _listed(request, person, ARCHIVE, archive_of)


def _listed(request: Request, person: Person, kind: Kind, found: Callable[[Session, Person], list[Item]]) -> Response:
    with reading() as session:
        lines = [_line(item, person) for item in found(session, person)]
    titles = DONE_COLUMNS if kind is ARCHIVE else OPEN_COLUMNS
    context = ListPage(
        kind=kind,
        lines=lines,
        late=sum(line.late for line in lines),
        done=kind is ARCHIVE,
        columns=[Column(gettext(title)) for title in titles],
        most=MOST,
    )
    return page(request, "reviewer/list.html", context)


def _line(item: Item, person: Person) -> Line:
    duty = item.assignment
    absent = absent_holder(duty, person)
    return Line(
        href=f"/duties/{duty.id}",
        duty=gettext(duty.duty.title),
        base_name=item.base_name,
        unit=item.unit,
        reference=item.case.reference,
        stage=gettext(stage(item.stage).title),
        round=item.round,
        due_on=duty.due_on,
        late=item.overdue,
        assigned_at=duty.assigned_at,
        done_at=duty.done_at,
        in_place_of=absent.name if absent and not duty.done_at else "",
    )
