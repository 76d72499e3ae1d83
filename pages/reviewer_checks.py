"""The check list of a recommendation or an acceptance: what is asked, what the papers say of it, places and scan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from casework.people import Person
from casework.quotas import Standing, is_limited, standing_of
from casework.recommending.ranks import Ranked, on_waiting_list
from casework.recommending.scans import attach_scan
from casework.recommending.sheets import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Answer,
    Sheet,
    is_in_full,
    scan_of,
    sheet_before,
)
from core.db import transaction
from core.errors import TooLarge, Unavailable, UnsupportedFile
from core.i18n import gettext, marked
from models.application import Submission
from models.case import StageRound
from pages.case_examinations import ExaminationLine, attached, examination_lines
from pages.case_pages import File
from pages.forms import Form
from pages.kit import Attachment, Option, Tile
from pages.public_sources import cited
from pages.reviewer_declared import declared
from regulation.checks import ANSWERS, CHECKS, CheckItem
from regulation.policy import policy_of
from regulation.roles import Duty

SCAN = marked("推荐意见扫描件")
ANSWER = marked("审核意见")
NOTE = marked("说明")
NO_LIMIT = marked("不限")


@dataclass(frozen=True)
class Check:
    """One point to be answered, with what the application says of it."""

    key: str
    title: str
    source: str
    declared: str
    answers: list[Option]


@dataclass(frozen=True)
class Signing:
    """What a check list needs beside its points; scan, places and waiting list are a recommending body's.

    `in_full`: the list must be complete and the scan there before the file is recommended.
    """

    checks: list[Check]
    in_full: bool
    scan: Attachment | None
    places: list[Tile]
    full: bool
    waiting: Ranked | None
    summary: str
    before: list[ExaminationLine]


def signing_for(
    session: Session, duty: Duty, file: File, at: StageRound, submission: Submission | None
) -> Signing | None:
    """Gather the check list of a duty; None for a duty that has none."""
    if duty not in CHECKS:
        return None
    content = submission.content if submission else {}
    scan = scan_of(session, at.id)
    recommending = duty is Duty.RECOMMEND
    call = file.call
    body = file.application.recommender_id
    limited = recommending and is_limited(session, call, body)
    standing = standing_of(session, call, body) if limited else None
    return Signing(
        checks=[_check(item, content) for item in CHECKS[duty]],
        in_full=not recommending or is_in_full(policy_of(call.policy)),
        scan=attached(file.case, scan) if scan else None,
        places=place_tiles(standing) if standing else [],
        full=bool(standing and standing.full),
        waiting=on_waiting_list(session, file.case) if recommending else None,
        summary=f"/recommendations/{call.code}",
        before=examination_lines(session, file.case, file.naming),
    )


def place_tiles(standing: Standing) -> list[Tile]:
    """Return a body's places as numbers; nothing where there is no limit."""
    tiles = []
    for title, places in ((gettext("本单位推荐名额"), standing.own), (gettext("本批次名额总数"), standing.whole)):
        if places.given is not None:
            hint = gettext("已用 {used} 个，剩余 {left} 个", used=places.used, left=places.left)
            tiles.append(Tile(title, str(places.given), hint, mood="bad" if places.full else "plain"))
    return tiles


def answered_before(session: Session, case_id: UUID, stage: str) -> Form:
    """Return the form as it was answered in the round before, to be gone through again after a correction."""
    before = sheet_before(session, case_id, stage)
    if not before:
        return Form.of()
    values: dict[str, Any] = {"handled_by": before.handled_by, "signed_by": before.signed_by}
    for one in before.items:
        values |= {f"checks-{one['item']}": one["answer"], f"checks-{one['item']}-note": one["note"]}
    return Form.of(values)


def sheet_of(form: Form, duty: Duty) -> Sheet | None:
    """Read the check list; None when nothing of it was filled in."""
    answers = [answer for item in CHECKS[duty] if (answer := _answer(form, item))]
    handled = form.text("handled_by", marked("经办人"), required=False, longest=LONGEST_NAME)
    signed = form.text("signed_by", marked("负责人"), required=False, longest=LONGEST_NAME)
    return Sheet(answers, handled, signed) if answers or handled or signed else None


def bring_scan(assignment_id: UUID, form: Form, person: Person) -> None:
    """Keep an attached scan before anything else, so that it need not be chosen again when the rest is refused."""
    upload = form.file("scan", SCAN, required=False)
    if not upload:
        return
    try:
        with transaction() as session:
            attach_scan(session, assignment_id, (upload.filename, upload.content), by=person)
    except (UnsupportedFile, TooLarge, Unavailable) as refused:
        form.fault("scan", refused.message, **refused.values)


def _answer(form: Form, item: CheckItem) -> Answer | None:
    name = f"checks-{item.key}"
    answer = form.choice(name, ANSWER, item.answers, required=False)
    note = form.text(f"{name}-note", NOTE, required=False, longest=LONGEST_NOTE)
    return Answer(item.key, answer, note) if answer else None


def _check(item: CheckItem, content: dict[str, Any]) -> Check:
    say: Callable[..., str] = gettext
    return Check(
        key=item.key,
        title=gettext(item.title),
        source=cited(item.source),
        declared=declared(item.declared, content, say) if item.declared else "",
        answers=[Option(answer, gettext(ANSWERS[answer])) for answer in item.answers],
    )
