"""`jidi demo --batch`: sixty applications through the whole procedure over HTTP, and a table at the end."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from rich.console import Console
from rich.table import Table
from sqlmodel import select

from casework import demonstration_batch as plan
from casework.experts.importing import import_pool
from casework.people import person_of
from core.clock import local, now, put_forward, today
from core.db import transaction
from core.i18n import gettext, marked
from core.settings import settings
from flows import gateway
from models.person import User
from regulation.calendar import official
from regulation.definition import stage
from regulation.outcomes import Outcome
from terminal import batch_stages as stages
from terminal.actors import awaited
from terminal.batch_stages import OFFICE, Batch
from terminal.crowd import PATIENCE_SECONDS, Crowd
from terminal.progress import progress

SCENES = (
    stages.submission,
    stages.local_review,
    stages.acceptance,
    stages.panels,
    stages.reviews,
    stages.conclusions,
    stages.visits,
    stages.certification,
)
UNTIL_ALL_HAVE_ENDED = marked("各申报办结")


def play(say: Callable[[str], None]) -> None:
    """Perform the batch in a call of its own, and tell what came of it."""
    enter_people()
    with Crowd(progress(say)) as crowd:
        batch = Batch(crowd, opened_call(crowd))
        say(gettext("批次 {code}：{url}", code=batch.call, url=f"{settings().public_url}/calls/{batch.call}"))
        for scene in SCENES:
            scene(batch)
        first_on = official().after(today() - timedelta(days=1), 1).day
        last_on = stages.publicity(batch, first_on)
        ahead = put_forward((last_on - today()).days + 1)
        say(gettext("公示至 {day}；演示时钟已拨快至次日，共快 {n} 天。", day=last_on.isoformat(), n=ahead))
        gateway.start("deadlines/deadlines")
        stages.reconsideration(batch)
        say_totals(batch, ended(batch))


def enter_people() -> None:
    """Enter the accounts, and the experts' profiles as the office imports them from a workbook."""
    with transaction() as session:
        if plan.enter(session):
            office = session.exec(select(User).where(User.email == OFFICE)).one()
            import_pool(session, plan.pool(), by=person_of(session, office))


def opened_call(crowd: Crowd) -> str:
    """Have the office open the next call of the demonstration under the full procedure; return its code."""
    office = crowd.actor(OFFICE)
    taken = {one["code"] for one in office.items("/calls")}
    code = next(name for n in count(1) if (name := f"2026-P{n}") not in taken)
    opens = local(now()) - timedelta(minutes=5)
    call = {
        "code": code,
        "title": f"省级专业技术人员继续教育基地集中申报（演示第 {code[6:]} 场）",
        "notice": "按办法全流程办理：推荐名额、形式审查、抽取专家、实地考察、集体审定、公示。（演示数据）",
        "opens_at": opens.isoformat(timespec="seconds"),
        "closes_at": (opens + timedelta(days=45)).isoformat(timespec="seconds"),
        "policy": {"panel_size": plan.POLICY.panel_size, "quota_each": plan.QUOTA},
        "decision": plan.DECISION,
    }
    return str(office.post("/calls", call)["code"])


def ended(batch: Batch) -> list[tuple[str, str]]:
    """Wait until every case of the call has ended; return where and how, case by case."""

    def all_ended() -> list[tuple[str, str]] | None:
        found = batch.crowd.actor(OFFICE).items("/cases", call=batch.call)
        over = [(one["stage"]["key"], one["outcome"]["key"]) for one in found if one["outcome"]]
        return over if len(over) == len(batch.cases) else None

    return awaited(all_ended, duty=UNTIL_ALL_HAVE_ENDED, patience=PATIENCE_SECONDS, pause=1)


def say_totals(batch: Batch, ended_as: list[tuple[str, str]]) -> None:
    """Print how many cases ended where and how."""
    table = Table(gettext("环节"), gettext("结果"), gettext("件"), title=batch.call)
    for (key, outcome), number in Counter(ended_as).items():
        at = stage(key)
        table.add_row(gettext(at.title), gettext(at.words_for(Outcome(outcome))), str(number))
    table.add_row(gettext("合计"), "", str(len(ended_as)))
    Console(highlight=False).print(table)
