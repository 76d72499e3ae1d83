"""Standing by the record of a visit: its draft, whose account confirmed it, who signed on paper, and for the applicant.

A signature is of one record: it is bound to the SHA-256 of the canonical record with the hashes of its photos, so that
whoever changes a word afterwards has to ask the others again.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.assignments import seats_of
from casework.experts.conflicts import conflict_faults
from casework.people import Person, deputies_of
from casework.visits.photos import photos_of_round, visiting
from core.clock import now, today
from core.errors import Conflict, Fault
from core.files import accepted_pdf, keep
from core.i18n import marked
from models.case import Case, StageRound
from models.judgement import Inspection
from models.person import User
from models.visit import VisitDraft, VisitPhoto, VisitSignature
from regulation.policy import Policy
from regulation.roles import Duty

LONGEST_NAME = 50
TOO_FEW = marked(
    "考察记录须由本批次规定人数的考察人员签名：请其他人员先在各自账号中确认，或勾选已在纸质记录上签名的人员并上传扫描件。"
)
NO_SCAN = marked("勾选了纸质签名的，请上传签名页扫描件（PDF）。")
NOT_IN_TEAM = marked("只能勾选本次考察组的人员。")
NO_REPRESENTATIVE = marked("请填写申报单位在场代表的姓名。")
NAME_TOO_LONG = marked("姓名不超过 50 字。")
CHANGED = marked("考察记录或照片在您查看之后有改动，请核对最新内容后再确认。")
NO_DRAFT = marked("还没有可供确认的考察记录。")


@dataclass(frozen=True)
class Signing:
    """What stands under a record beside the account that files it: who signed on paper, with the scan."""

    representative: str = ""
    on_paper: Sequence[UUID] = field(default_factory=tuple)
    scan: tuple[str, bytes] | None = None


def digest_of(content: Mapping[str, Any], photos: Sequence[VisitPhoto]) -> str:
    """Return the SHA-256 of a record and its photos, written one way only."""
    whole = {**content, "photos": sorted([photo.line, photo.sha256] for photo in photos)}
    return hashlib.sha256(
        json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def keep_draft(session: Session, assignment_id: UUID, content: Mapping[str, Any], *, by: Person) -> VisitDraft:
    """Keep the record in preparation for the whole team; it may be incomplete. The newest one counts."""
    _, at, _ = visiting(session, assignment_id, by)
    draft = draft_of(session, at.id) or VisitDraft(stage_round_id=at.id, saved_by=by.id)
    draft.content, draft.saved_by, draft.saved_at = dict(content), by.id, now()
    session.add(draft)
    session.flush()
    return draft


def draft_of(session: Session, stage_round_id: UUID) -> VisitDraft | None:
    """Return the record in preparation, if one was kept."""
    return session.exec(select(VisitDraft).where(VisitDraft.stage_round_id == stage_round_id)).first()


def confirm(session: Session, assignment_id: UUID, sha256: str, *, by: Person) -> VisitSignature:
    """Stand by the draft of that hash with the own account; doing so again changes nothing.

    Raises `Conflict` when the draft or its photos are others by now.
    """
    case, at, by = visiting(session, assignment_id, by)
    draft = draft_of(session, at.id)
    if not draft:
        raise Conflict(NO_DRAFT)
    if digest_of(draft.content, photos_of_round(session, at.id)) != sha256:
        raise Conflict(CHANGED)
    signed = sign(session, at, by.id, sha256)
    journal.note(session, "record-confirmed", case=case, by=by, stage=at.stage, round=at.round, sha256=sha256)
    return signed


def sign(session: Session, at: StageRound, user_id: UUID, sha256: str, *, on_paper: bool = False) -> VisitSignature:
    """Enter a signature unless it is there."""
    there = next((one for one in signatures_of(session, at.id, sha256) if one.user_id == user_id), None)
    if there:
        return there
    signed = VisitSignature(stage_round_id=at.id, user_id=user_id, sha256=sha256, on_paper=on_paper)
    session.add(signed)
    session.flush()
    return signed


def signatures_of(session: Session, stage_round_id: UUID, sha256: str) -> list[VisitSignature]:
    """Return who stands by a record, in the order they signed."""
    found = select(VisitSignature).where(
        VisitSignature.stage_round_id == stage_round_id, VisitSignature.sha256 == sha256
    )
    return list(session.exec(found.order_by(col(VisitSignature.signed_at))))


def team_of(session: Session, stage_round_id: UUID) -> list[User]:
    """Return the members of a round's team, the leader first."""
    seats = [one for one in seats_of(session, stage_round_id) if one.duty is Duty.INSPECT]
    people = {user.id: user for user in session.exec(select(User).where(col(User.id).in_([s.user_id for s in seats])))}
    return [people[seat.user_id] for seat in sorted(seats, key=lambda seat: not seat.leads) if seat.user_id]


def signing_faults(
    session: Session, at: StageRound, signing: Signing, policy: Policy, signed_by: set[UUID]
) -> list[Fault]:
    """Return what is missing under a record; `signed_by` are those who file or have confirmed it by account."""
    faults = []
    team = {user.id for user in team_of(session, at.id)}
    if not set(signing.on_paper) <= team:
        faults.append(Fault("on_paper", NOT_IN_TEAM))
    if signing.on_paper and not signing.scan:
        faults.append(Fault("signed_page", NO_SCAN))
    if len(signers(session, team, signed_by | set(signing.on_paper))) < min(policy.visit_signatures, len(team)):
        faults.append(Fault("on_paper", TOO_FEW))
    if policy.visit_signatures and not signing.representative.strip():
        faults.append(Fault("representative", NO_REPRESENTATIVE))
    if len(signing.representative.strip()) > LONGEST_NAME:
        faults.append(Fault("representative", NAME_TOO_LONG))
    return faults


def signers(session: Session, team: set[UUID], signed: set[UUID]) -> set[UUID]:
    """Return who of those that signed does so as a member of the team, or stands in today for one who did not."""
    away = team - signed
    standing_in = {one.id for one in deputies_of(session, away, today())} if away else set()
    return signed & (team | standing_in)


def conflict_faults_of(session: Session, case: Case, signed: Collection[UUID]) -> list[Fault]:
    """Return a fault for everybody under a record who may not judge the case, with the rule."""
    return [Fault("on_paper", one.message) for one in conflict_faults(session, case, signed)]


def kept_scan(signing: Signing) -> tuple[str, str]:
    """Keep the scan of the signed page and return its name and hash; raises `UnsupportedFile`, `TooLarge`."""
    if not signing.scan:
        return "", ""
    name, content = signing.scan
    return accepted_pdf(content, name), keep(content)


def signers_of(session: Session, inspections: Sequence[Inspection]) -> dict[UUID, list[tuple[User, VisitSignature]]]:
    """Return who stands by each of these records, by record, in the order they signed."""
    wanted = {(one.stage_round_id, one.sha256): one.id for one in inspections if one.sha256}
    found = (
        select(User, VisitSignature)
        .join(VisitSignature, col(VisitSignature.user_id) == User.id)
        .where(col(VisitSignature.stage_round_id).in_([one.stage_round_id for one in inspections]))
        .order_by(col(VisitSignature.signed_at), col(User.name))
    )
    signers: dict[UUID, list[tuple[User, VisitSignature]]] = {one.id: [] for one in inspections}
    for user, signature in session.exec(found):
        record = wanted.get((signature.stage_round_id, signature.sha256))
        if record:
            signers[record].append((user, signature))
    return signers
