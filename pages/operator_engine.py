"""The engine room on one page: workers, bells, letters, databases, room on the disk, and the flows of the clock."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.figures import Figures, Waiting
from core.i18n import gettext, marked
from core.settings import settings
from flows.engine_room import Heartbeat
from flows.watch import BELL_PATIENCE, LETTER_PATIENCE, ROOM_BYTES, Watch, watch
from models.message import MessageState
from pages import filters
from pages.kit import Column, Crumb, Mood, Tile
from pages.operator_stalled import Operator, told
from pages.rendering import page

router = APIRouter()

WORKERS = (Column(marked("流程执行程序")), Column(marked("状态")), Column(marked("最近心跳")))
FLOWS = (Column(marked("定时流程")), Column(marked("状态")), Column(marked("最近一次正常运行")))
TITLES = {"housekeeping": marked("日常维护"), "deadlines": marked("期限检查")}
LETTERS = "/operator/letters"
GIGABYTE = 2**30


@dataclass(frozen=True)
class FlowLine:
    """A flow of the clock."""

    title: str
    last: object
    late: bool


@dataclass(frozen=True)
class EnginePage:
    """One look at the installation."""

    seen: Watch
    tiles: list[Tile]
    workers: list[Heartbeat]
    worker_columns: list[Column]
    flows: list[FlowLine]
    flow_columns: list[Column]
    engine_pages: str
    crumbs: list[Crumb]


@router.get("/operator/engine")
def engine(request: Request, person: Operator) -> Response:
    """Look once; an engine that does not answer in time is told as silent, the page does not wait for it."""
    del person
    seen = watch()
    context = EnginePage(
        seen=seen,
        tiles=_tiles(seen, seen.figures) if seen.figures else [],
        workers=seen.room.workers,
        worker_columns=told(WORKERS),
        flows=[FlowLine(gettext(TITLES[flow]), at, seen.is_late(flow)) for flow, at in seen.room.last_runs.items()],
        flow_columns=told(FLOWS),
        engine_pages=settings().engine_ui_url,
        crumbs=[Crumb(gettext("运行状况"))],
    )
    return page(request, "operator/engine.html", context)


def _tiles(seen: Watch, known: Figures) -> list[Tile]:
    bells, letters = known.bells, known.letters
    due = letters[MessageState.DUE]
    late_bells = _over(seen, bells, BELL_PATIENCE.total_seconds())
    late_letters = _over(seen, due, LETTER_PATIENCE.total_seconds())
    beside = known.engine_database_bytes
    return [
        _waiting(gettext("停滞的申报"), known.stalled, "/operator/stalled", bad=bool(known.stalled.count)),
        _waiting(gettext("未得到响应的事件"), bells, "/operator/stalled", bad=late_bells),
        _waiting(gettext("待发函件"), due, f"{LETTERS}?state=due", bad=late_letters),
        *(
            _waiting(title, letters[state], f"{LETTERS}?state={state}", bad=bool(letters[state].count))
            for state, title in (
                (MessageState.FAILED, gettext("发送失败的函件")), (MessageState.UNKNOWN, gettext("结果不明的函件")),
            )
        ),
        _waiting(gettext("应提醒而未提醒的事项"), known.late, "", bad=bool(known.late.count)),
        _waiting(gettext("待确认的人工办理"), Waiting(known.by_hand), "/operator/by-hand", bad=False),
        Tile(gettext("业务数据库"), _bytes(known.database_bytes)),
        Tile(gettext("流程引擎数据库"), _bytes(beside) if beside is not None else "—",
             "" if beside is not None else gettext("不在同一数据库服务器")),
        Tile(gettext("磁盘剩余"), _bytes(known.disk_free),
             gettext("共 {total}", total=_bytes(known.disk_total)), mood=_mood(bad=known.disk_free < ROOM_BYTES)),
    ]  # fmt: skip


def _bytes(size: int) -> str:
    return f"{size / GIGABYTE:,.1f} GB" if size >= GIGABYTE else filters.size(size)


def _over(seen: Watch, waiting: Waiting, patience: float) -> bool:
    return (seen.age(waiting.oldest) or 0) > patience


def _waiting(title: str, waiting: Waiting, href: str, *, bad: bool) -> Tile:
    since = gettext("最早的：{ago}", ago=filters.ago(waiting.oldest)) if waiting.oldest else ""
    return Tile(title, str(waiting.count), since, href, mood=_mood(bad=bad))


def _mood(*, bad: bool) -> Mood:
    return "bad" if bad else "plain"
