"""What was checked before a recommendation and an acceptance, as this reader may know it: answers, names, the scan."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from casework.decisions import absent_at
from casework.naming import Naming
from casework.recommending.ranks import place_of
from casework.recommending.sheets import RECOMMENDING, examinations_of
from core.i18n import gettext
from models.case import Case, StageRound
from models.person import User
from models.recommendation import Examination, SignedScan
from pages.kit import Attachment
from pages.public_sources import cited
from regulation.checks import ANSWERS, STAGE_CHECKS
from regulation.definition import STAGES, stage

LOOKS = {"yes": "approved", "no": "refused", "not-applicable": "plain"}


@dataclass(frozen=True)
class Answered:
    """One point of the list with its answer; `look` is the badge's kind."""

    title: str
    source: str
    answer: str
    look: str
    note: str


@dataclass(frozen=True)
class ExaminationLine:
    """One check list as it was answered."""

    stage: str
    round: int
    who: str
    at: datetime
    items: list[Answered]
    names: list[tuple[str, str]]
    scan: Attachment | None


def examination_lines(session: Session, case: Case, naming: Naming) -> list[ExaminationLine]:
    """Return the check lists of a case, stage by stage, the oldest first; nothing to who may not see them."""
    if not naming.sight.examinations:
        return []
    found = examinations_of(session, case.id)
    absent = absent_at(session, case.id) if found else {}
    lines = [_line(case, naming, row, absent.get((row[0].stage, row[0].round), "")) for row in found]
    rank, among = place_of(session, case) if found else (0, 0)
    if rank:
        recommended = [n for n, (at, *_) in enumerate(found) if at.stage == RECOMMENDING]
        for number in recommended[-1:]:
            lines[number].names.append((gettext("推荐排序"), gettext("{n}（共推荐 {m} 项）", n=rank, m=among)))
    order = [one.key for one in STAGES]
    pairs = sorted(zip(found, lines, strict=True), key=lambda pair: (order.index(pair[0][0].stage), pair[0][0].round))
    return [line for _, line in pairs]


def _line(
    case: Case, naming: Naming, row: tuple[StageRound, Examination, User, SignedScan | None], absent: str
) -> ExaminationLine:
    at, kept, user, scan = row
    names = [(gettext("经办人"), kept.handled_by), (gettext("负责人"), kept.signed_by)]
    return ExaminationLine(
        stage=gettext(stage(at.stage).title),
        round=at.round,
        who=naming.examiner(user, at.stage, absent),
        at=kept.recorded_at,
        items=[_answered(at.stage, one) for one in kept.items],
        names=[(term, name) for term, name in names if name],
        scan=attached(case, scan) if scan else None,
    )  # fmt: skip


def attached(case: Case, scan: SignedScan) -> Attachment:
    """Return a scan as something one may open, with its hash beside it."""
    return Attachment(
        title=scan.filename,
        href=f"/cases/{case.reference}/scans/{scan.sha256}",
        bytes=scan.size,
        at=scan.uploaded_at,
        note=f"SHA-256 {scan.sha256[:16]}…",
    )


def _answered(key: str, one: dict[str, str]) -> Answered:
    asked = {item.key: item for item in STAGE_CHECKS.get(key, ())}
    item = asked.get(one["item"])
    return Answered(
        title=gettext(item.title) if item else one["item"],
        source=cited(item.source) if item else "",
        answer=gettext(ANSWERS.get(one["answer"], one["answer"])),
        look=LOOKS.get(one["answer"], "plain"),
        note=one["note"],
    )
