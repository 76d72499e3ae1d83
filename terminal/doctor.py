"""`jidi doctor`: what is wrong, and how to mend it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
from sqlalchemy.exc import SQLAlchemyError

from casework.figures import Figures, Waiting
from core import antivirus, clock
from core.db import ping
from core.embedded import engine
from core.embedded.home import is_claimed, require_room
from core.embedded.postgres import Postgres
from core.errors import JidiError
from core.i18n import gettext, marked
from core.schema import is_current
from core.settings import settings
from flows import gateway
from flows.watch import ROOM_BYTES, Watch, watch
from notifications.delivery import greet
from notifications.transports import Unreachable
from regulation.calendar import official
from terminal import machine, managing

GOOD, BAD, WORTH_KNOWING = "✓", "✗", "!"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where nothing is wrong."""

    name: str
    sentence: str
    remedy: str = ""
    harmless: bool = False

    @property
    def mark(self) -> str:
        """The sign in front of the line."""
        if not self.remedy:
            return GOOD
        return WORTH_KNOWING if self.harmless else BAD


def examine(say: Callable[[str], None]) -> bool:
    """Tell every finding with its remedy; return whether nothing is wrong."""
    well = True
    for finding in findings():
        say(f"{finding.mark} {gettext(finding.name)}：{finding.sentence}")
        if finding.remedy:
            say(f"    → {finding.remedy}")
            well = well and finding.harmless
    say(gettext("一切正常。") if well else gettext("有需要处理的问题，见上。"))
    return well


def findings() -> Iterator[Finding]:
    """Look at one part after the other; what depends on a part that is down is not asked."""
    yield home()
    adopt_embedded_database()
    database = of_database()
    yield database
    yield of_engine()
    yield of_mail()
    yield of_scanner()
    yield of_calendar()
    if database.remedy:
        return
    yield of_accounts()
    seen = watch()
    yield from of_flows(seen)
    if seen.figures:
        yield of_room(seen.figures)
        yield from of_work(seen.figures)


def adopt_embedded_database() -> None:
    """Look where `jidi up` keeps its database when no other is set."""
    if not settings().database.url:
        os.environ["JIDI_DATABASE_URL"] = Postgres(settings().home).url(machine.DATABASE)
        settings.cache_clear()


def home() -> Finding:
    """Is the folder there, writable, with room left?"""
    name, folder = marked("数据目录"), settings().home
    try:
        require_room(folder)
    except JidiError as error:
        return Finding(name, error.sentence(), gettext("处理后重新运行 jidi doctor。"))
    running = gettext("，服务正在运行") if is_claimed(folder) else gettext("，服务未在本目录运行")
    return Finding(name, f"{folder.resolve()}{running}")


def of_database() -> Finding:
    """Does PostgreSQL answer, and is its schema ours?"""
    name = marked("数据库")
    try:
        ping()
        if is_current():
            return Finding(name, gettext("可以连接，结构为最新"))
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        remedy = gettext("请先运行 jidi up（内置数据库），或检查 JIDI_DATABASE_URL 与数据库服务。")
        return Finding(name, gettext("无法连接：{reason}", reason=reason), remedy)
    return Finding(name, gettext("结构不是最新"), gettext("请运行 jidi migrate。"))


def of_engine() -> Finding:
    """Does Prefect answer, does it know our flows, does a worker live?"""
    name, chosen = marked("流程引擎"), settings().engine
    try:
        gateway.ask("GET", f"/deployments/name/{chosen.deployment}")
    except httpx.HTTPStatusError:
        remedy = gettext("请运行 jidi up，或在项目目录运行 prefect deploy --all。")
        return Finding(name, gettext("已连接，但流程尚未登记"), remedy)
    except httpx.HTTPError as error:
        remedy = gettext("请检查 Prefect 服务与 JIDI_ENGINE_API_URL；期间办理不受影响，恢复后自动接续。")
        trouble = gettext("{url} 没有应答（{reason}）", url=chosen.api_url, reason=type(error).__name__)
        return Finding(name, trouble, remedy)
    workers = engine.live_workers(chosen.api_url, chosen.work_pool)
    if not workers:
        remedy = gettext("请运行 jidi worker（jidi up 会自动启动）。")
        return Finding(name, gettext("没有正在运行的流程执行程序"), remedy)
    return Finding(name, gettext("已连接，流程执行程序：{names}", names="、".join(sorted(workers))))


def of_mail() -> Finding:
    """Does the mail server answer?"""
    name, mail = marked("邮件"), settings().mail
    if not mail.host:
        remedy = gettext("未设置邮件服务器（JIDI_MAIL_HOST），函件将留在“待发”。")
        return Finding(name, gettext("未启用"), remedy, harmless=True)
    try:
        return Finding(name, f"{mail.host}:{mail.port} {greet()}".splitlines()[0])
    except Unreachable as trouble:
        remedy = gettext("请检查 JIDI_MAIL_HOST、JIDI_MAIL_PORT 与邮件服务；函件已保存，恢复后自动发出。")
        silent = gettext("{host}:{port} 没有应答（{reason}）", host=mail.host, port=mail.port, reason=trouble)
        return Finding(name, silent, remedy)


def of_scanner() -> Finding:
    """Does the virus scanner answer, where one is set?"""
    name, address = marked("病毒检查"), settings().clamd.address
    if not address:
        remedy = gettext("未设置病毒检查服务（JIDI_CLAMD_ADDRESS），上传的文件不作病毒检查。")
        return Finding(name, gettext("未启用"), remedy, harmless=True)
    try:
        return Finding(name, f"{address} {antivirus.version()}")
    except (OSError, antivirus.NoAnswerError) as trouble:
        remedy = gettext("请检查 JIDI_CLAMD_ADDRESS 与 clamd 服务；恢复之前，上传的文件一律不予接收。")
        silent = gettext("{address} 没有应答（{reason}）", address=address, reason=trouble or type(trouble).__name__)
        return Finding(name, silent, remedy)


def of_accounts() -> Finding:
    """Does somebody manage the accounts?"""
    name, known = marked("账号管理"), managing.managers()
    if known:
        return Finding(name, gettext("系统管理员：{names}", names="、".join(known)))
    return Finding(name, gettext(managing.NOBODY), gettext(managing.OPEN_ONE))


def of_calendar() -> Finding:
    """Are the official days off of this year and the next known?"""
    name, year = marked("工作日历"), clock.today().year
    unknown = [str(y) for y in (year, year + 1) if y not in official().years]
    if not unknown:
        return Finding(name, gettext("本年与次年的放假安排已录入"))
    remedy = gettext(
        "国务院办公厅通知公布后，请用 JIDI_CALENDAR 指定的文件录入；此前涉及该年的期限只按周末推算，并标注“暂计”。"
    )
    return Finding(name, gettext("缺少 {years} 年的放假安排", years="、".join(unknown)), remedy, harmless=True)


def of_work(known: Figures) -> Iterator[Finding]:
    """Is anything waiting that should not?"""
    pages = settings().public_url
    for name, waiting, remedy in (
        (
            marked("停滞的申报"),
            known.stalled,
            gettext("请运维人员在 {page} 查看原因并重新运行。", page=f"{pages}/operator/stalled"),
        ),
        (
            marked("未送达的函件"),
            Waiting(known.doubtful, known.oldest_doubtful),
            gettext("请运维人员在 {page} 核实后重发。", page=f"{pages}/operator/letters"),
        ),
        (
            marked("未得到响应的事件"),
            known.bells,
            gettext("流程引擎恢复后会自动补办；持续不减少时请检查流程执行程序。"),
        ),
        (marked("应提醒而未提醒的事项"), known.late, gettext("期限检查恢复运行后会自动提醒；请检查流程执行程序。")),
    ):
        yield Finding(name, counted(waiting), remedy if waiting.count else "")


def counted(waiting: Waiting) -> str:
    """Say how many wait, and since when the oldest does."""
    if not waiting.oldest:
        return gettext("{n} 件", n=waiting.count)
    at = clock.local(waiting.oldest).strftime("%Y-%m-%d %H:%M")
    return gettext("{n} 件，最早的自 {at} 起", n=waiting.count, at=at)


def of_flows(seen: Watch) -> Iterator[Finding]:
    """Did the flows of the clock run lately? Nothing is said of them while the engine is silent."""
    titles = {"housekeeping": marked("日常维护"), "deadlines": marked("期限检查")}
    for flow, last in seen.room.last_runs.items():
        said = clock.local(last).strftime("%Y-%m-%d %H:%M") if last else gettext("尚未运行")
        remedy = gettext("请检查流程执行程序；本流程应每隔数分钟运行一次。") if seen.is_late(flow) else ""
        yield Finding(titles[flow], gettext("最近一次正常运行：{at}", at=said), remedy)


def of_room(known: Figures) -> Finding:
    """How large are the databases, and how much room is left beside the documents?"""
    gigabyte = 2**30
    beside = known.engine_database_bytes
    sizes = f"{known.database_bytes / gigabyte:.2f} GB" + (f" + {beside / gigabyte:.2f} GB" if beside else "")
    said = gettext("数据库 {sizes}，磁盘剩余 {free} GB", sizes=sizes, free=f"{known.disk_free / gigabyte:.1f}")
    remedy = gettext("请清理磁盘或扩容。") if known.disk_free < ROOM_BYTES else ""
    return Finding(marked("存储"), said, remedy)
