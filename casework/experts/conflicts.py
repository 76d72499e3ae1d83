"""Conflicts 回避: who may not judge a case, and why; detected from what is known, or raised by somebody.

A detected conflict holds until the office dismisses these very grounds with a reason; one that was declared by the
expert, requested by the applicant or found by the office holds until it is dismissed.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from casework.separation import parts_taken
from core.clock import today
from core.errors import Fault, StageClosed
from core.i18n import gettext, marked
from models.application import Application, Call, Submission
from models.case import Case
from models.expert import Conflict, ConflictKind, Employment, Expert
from models.organisation import Organisation
from models.person import User
from regulation.policy import policy_of
from regulation.roles import PARTS, Duty

SENTENCES = {
    ConflictKind.EMPLOYER: marked("任职于申报单位，或离职未满规定年限（{grounds}）"),
    ConflictKind.CREDIT_CODE: marked("所在单位与申报单位的统一社会信用代码相同（{grounds}）"),
    ConflictKind.FACULTY: marked("列入申报单位的师资名单（{grounds}）"),
    ConflictKind.BODY: marked("任职于推荐单位，或离职未满规定年限（{grounds}）"),
    ConflictKind.RECOMMENDED: marked("由申报单位推荐入库（{grounds}）"),
    ConflictKind.DECLARED: marked("本人申请回避（{grounds}）"),
    ConflictKind.REQUESTED: marked("申报单位申请其回避（{grounds}）"),
    ConflictKind.FOUND: marked("继教办查明应当回避（{grounds}）"),
    ConflictKind.PART: marked("已办理本件的其他环节，受理、评审、审定须由不同人员办理（{grounds}）"),
}
RULE = marked("{name}应当回避：{reasons}。")
YOU = marked("您对本件存在应当回避的情形：{reasons}。暂不能办理，请联系继教办。")


@dataclass(frozen=True)
class Ground:
    """Why one person may not judge one case; `conflict` is the row of one that was raised."""

    case_id: UUID
    user_id: UUID
    kind: ConflictKind
    grounds: str
    conflict: Conflict | None = None

    @property
    def sentence(self) -> str:
        """The rule, with what it was found by."""
        return gettext(SENTENCES[self.kind], grounds=self.grounds)


@dataclass(frozen=True)
class Matter:
    """What of a case people may be in conflict with."""

    case_id: UUID
    unit: Organisation
    body: Organisation
    teachers: dict[str, str]
    domains: frozenset[str]
    years: int


@dataclass(frozen=True)
class Background:
    """What of a person may be in conflict with a case."""

    user: User
    recommended_by: str
    employers: list[tuple[str, str, date | None]]


def holding(session: Session, cases: Collection[Case], user_ids: Collection[UUID]) -> dict[UUID, list[Ground]]:
    """Return the grounds that hold against each of these people in any of these cases, in a fixed number of queries."""
    if not cases or not user_ids:
        return {}
    ids = [case.id for case in cases]
    raised = session.exec(select(Conflict).where(col(Conflict.case_id).in_(ids)).order_by(col(Conflict.raised_at)))
    rows = [one for one in raised if one.user_id in set(user_ids)]
    found: dict[UUID, list[Ground]] = {}
    for ground in [*_detected(session, ids, user_ids, rows), *_raised(rows), *_other_parts(session, ids, user_ids)]:
        found.setdefault(ground.user_id, []).append(ground)
    return found


def _detected(
    session: Session, case_ids: Collection[UUID], user_ids: Collection[UUID], rows: Collection[Conflict]
) -> Iterator[Ground]:
    """Yield the detected conflicts that the office has not dismissed."""
    ruled = {(one.case_id, one.user_id, one.kind, one.grounds): one for one in rows if one.upheld is not None}
    people = backgrounds_of(session, user_ids)
    for matter, person in product(matters_of(session, case_ids), people):
        for kind, grounds in detected(person, matter, today()):
            ruling = ruled.get((matter.case_id, person.user.id, kind, grounds))
            if not ruling or ruling.upheld:
                yield Ground(matter.case_id, person.user.id, kind, grounds, ruling)


def _raised(rows: Collection[Conflict]) -> Iterator[Ground]:
    """Yield the conflicts that somebody raised and the office has not dismissed."""
    for one in rows:
        if one.upheld is not False and one.kind in RAISED and one.user_id:
            yield Ground(one.case_id, one.user_id, one.kind, one.grounds, one)


def _other_parts(session: Session, case_ids: Collection[UUID], user_ids: Collection[UUID]) -> Iterator[Ground]:
    """Yield who let a case in, or decided it: a fact that no ruling changes."""
    for one in parts_taken(session, case_ids, user_ids):
        if PARTS[one.duty] != PARTS[Duty.REVIEW] and one.done_by:
            yield Ground(one.case_id, one.done_by, ConflictKind.PART, gettext(one.duty.title))


RAISED = frozenset({ConflictKind.DECLARED, ConflictKind.REQUESTED, ConflictKind.FOUND})
"""Kinds that somebody raises; the others are detected."""


def detected(person: Background, matter: Matter, on: date) -> Iterator[tuple[ConflictKind, str]]:
    """Yield the conflicts that show from what is known of a person and of a case."""
    unit, body = plain(matter.unit.name), plain(matter.body.name)
    employers = {plain(name): (name, code) for name, code, to_on in person.employers if recent(to_on, matter.years, on)}
    if unit in employers:
        yield ConflictKind.EMPLOYER, employers[unit][0]
    elif same := next((name for name, code in employers.values() if code and code == matter.unit.credit_code), ""):
        yield ConflictKind.CREDIT_CODE, same
    if body in employers:
        yield ConflictKind.BODY, employers[body][0]
    if plain(person.user.name) in matter.teachers:
        yield ConflictKind.FACULTY, matter.teachers[plain(person.user.name)]
    if plain(person.recommended_by) == unit:
        yield ConflictKind.RECOMMENDED, person.recommended_by


def recent(to_on: date | None, years: int, on: date) -> bool:
    """Whether an employment lasts, or ended no more than so many years ago."""
    return to_on is None or (to_on.year + years, to_on.month, to_on.day) >= (on.year, on.month, on.day)


def plain(name: str) -> str:
    """Return a name as names are compared: without spaces, half-width, in small letters."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def backgrounds_of(session: Session, user_ids: Collection[UUID]) -> list[Background]:
    """Return what is known of people; the body of the account is an employer too."""
    rows = session.exec(
        select(User, Organisation, Expert)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .join(Expert, col(Expert.user_id) == User.id, isouter=True)
        .where(col(User.id).in_(user_ids))
    ).all()
    worked: dict[UUID, list[tuple[str, str, date | None]]] = {}
    profiles = [profile.id for _, _, profile in rows if profile]
    for one in session.exec(select(Employment).where(col(Employment.expert_id).in_(profiles))):
        worked.setdefault(one.expert_id, []).append((one.employer, one.credit_code, one.to_on))
    return [
        Background(
            user,
            profile.recommending_unit if profile else "",
            [*(worked.get(profile.id, []) if profile else []), (body.name, body.credit_code or "", None)],
        )
        for user, body, profile in rows
    ]


def matters_of(session: Session, case_ids: Collection[UUID]) -> list[Matter]:
    """Return what of these cases people may be in conflict with, from the newest papers of each."""
    unit, body = aliased(Organisation), aliased(Organisation)
    rows: Iterable[Any] = session.exec(
        select(Case.id, unit, body, Submission.content, Call.policy)  # type: ignore[call-overload]  # four at most
        .join(Application, col(Application.id) == Case.application_id)
        .join(unit, unit.id == Application.organisation_id)
        .join(body, body.id == Application.recommender_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Submission, col(Submission.application_id) == Application.id)
        .where(col(Case.id).in_(case_ids))
        .order_by(col(Submission.number))
    )
    newest = {case_id: Matter(case_id, of, by, *_said(content, policy)) for case_id, of, by, content, policy in rows}
    return list(newest.values())


def _said(content: dict[str, Any], policy: dict[str, Any]) -> tuple[dict[str, str], frozenset[str], int]:
    teachers = [str(row.get("name", "")) for row in content.get("teachers") or () if isinstance(row, dict)]
    domains = frozenset(map(str, content.get("domains") or ()))
    return {plain(name): name for name in teachers if name.strip()}, domains, policy_of(policy).employer_years


def grounds_of(session: Session, case: Case, user_id: UUID) -> list[Ground]:
    """Return the grounds that hold against one person in one case."""
    return holding(session, [case], [user_id]).get(user_id, [])


def conflict_faults(session: Session, case: Case, user_ids: Collection[UUID]) -> list[Fault]:
    """Return a fault for everybody who may not judge the case, naming the person and the rule."""
    held = holding(session, [case], user_ids)
    people = session.exec(select(User).where(col(User.id).in_(held))).all() if held else []
    return [Fault("members", in_words(user.name, held[user.id])) for user in sorted(people, key=lambda one: one.name)]


def in_words(name: str, grounds: Collection[Ground]) -> str:
    """Say that somebody may not judge a case, and by which rules."""
    return gettext(RULE, name=name, reasons=gettext("；").join(dict.fromkeys(one.sentence for one in grounds)))


def refuse_conflicted(session: Session, case: Case, user_id: UUID) -> None:
    """Raise `StageClosed` with the rule when somebody may not judge the case (any more)."""
    if grounds := grounds_of(session, case, user_id):
        raise StageClosed(YOU, reasons=gettext("；").join(one.sentence for one in grounds))
