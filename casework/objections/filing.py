"""Filing an objection: in writing, under a real name or a unit's seal, with concrete facts, within the publicity."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework import journal
from casework.cases import held, policy_for
from casework.objections.letters import acknowledge, tell_office
from casework.people import email_problem, normalised_email
from casework.series import next_number
from core.clock import now, today
from core.errors import Fault, Invalid, NotFound, StageClosed, TooLarge, TooManyAttempts, UnsupportedFile
from core.files import accepted_pdf, digest, keep
from core.i18n import language, marked
from core.photo_examination import examined_photo
from core.security import signature
from models.case import Case, StageRound
from models.objection import Objection, ObjectionFile, ObjectorKind
from models.publicity import Publicity, PublicityItem
from regulation.calendar import official

MOST_FILES = 5
MOST_AN_HOUR = 5
LONGEST = 5000
SHORTEST_FACTS, SHORTEST_GROUNDS = 20, 5
PHONE = re.compile(r"[+(（]?[0-9][0-9()（） -]{5,28}[0-9]")
NAMELESS = re.compile(
    r".*匿名.*|.*不具名.*|佚名|无名氏?|某.{0,3}|知情(人|者).*|(热心|广大)?群众|anonymous", re.IGNORECASE
)

OUTSIDE = marked("公示期为 {first} 至 {last}，公示期外提出的异议不予受理。")
GONE = marked("该申报已不在公示中，不能再提出异议。")
NO_KIND = marked("请选择以个人还是单位名义提出异议。")
NO_NAME = marked(
    "请填写真实姓名（2 至 50 字）。匿名异议不予受理（参照湖北省同类认定项目的公示要求，异议须实名或加盖单位公章）。"
)
NO_UNIT = marked(
    "请填写单位全称（2 至 100 字）。匿名异议不予受理（参照湖北省同类认定项目的公示要求，异议须实名或加盖单位公章）。"
)
NO_CONTACT = marked("请填写单位联系人姓名（2 至 50 字）。")
NO_PHONE = marked("请填写联系电话，如 027-8712 3456。没有联系方式的异议不予受理。")
NO_FACTS = marked("请写明具体事实（20 至 5000 字）：何时、何地、何事。没有具体事实的异议不予受理。")
NO_GROUNDS = marked("请写明理由和依据（5 至 5000 字）。")
NO_SEAL = marked("以单位名义提出的，请上传加盖单位公章的异议书扫描件（PDF）。")
SEAL_OF_PERSON = marked("以个人名义提出的，无须上传盖章的异议书；如有证明材料，请作为证据上传。")
TOO_MANY_FILES = marked("证据材料最多 5 个文件。")


@dataclass(frozen=True)
class Upload:
    """A file as it arrived."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class NewObjection:
    """What an objector says: who objects, how to reach them, facts and grounds; `contact` is a unit's person."""

    kind: str
    name: str
    phone: str
    facts: str
    grounds: str
    contact: str = ""
    email: str = ""
    sealed: Upload | None = None
    evidence: Sequence[Upload] = field(default_factory=tuple)


def object_to(session: Session, item_id: UUID, new: NewObjection, *, address: str = "") -> Objection:
    """File an objection to a case on a public list; nobody needs an account for that.

    Raises `NotFound`, `StageClosed` (naming the period) outside the publicity, `TooManyAttempts` when too many come
    from one address, or `Invalid` with every fault at once.
    """
    item = session.get(PublicityItem, item_id)
    if not item:
        raise NotFound
    case = held(session, item.case_id)
    refuse_outside(session, item, case)
    origin = signature("objector", address) if address else ""
    refuse_flood(session, origin)
    faults, files = faults_of(new)
    if faults:
        raise Invalid(faults=faults)
    objection = _written(session, item, case, new, origin)
    session.flush()
    for file, content in files:
        keep(content)
        file.objection_id = objection.id
        session.add(file)
    at = session.get_one(StageRound, item.stage_round_id)
    journal.note(
        session, "objection-filed", case=case, by=None, stage=at.stage, round=at.round, number=objection.number
    )
    acknowledge(session, case, objection)
    tell_office(session, case, objection, "filed")
    return objection


def refuse_outside(session: Session, item: PublicityItem, case: Case) -> None:
    """Raise `StageClosed` unless the list is public today and the case still on it."""
    publicity = session.get_one(Publicity, item.publicity_id)
    if not publicity.first_on <= today() <= publicity.last_on:
        raise StageClosed(OUTSIDE, first=publicity.first_on.isoformat(), last=publicity.last_on.isoformat())
    if case.closed_at or session.get_one(StageRound, item.stage_round_id).closed_at:
        raise StageClosed(GONE)


def refuse_flood(session: Session, origin: str) -> None:
    """Raise `TooManyAttempts` when an address has filed as often as it may within an hour."""
    if not origin:
        return
    hour = now() - timedelta(hours=1)
    filed = select(func.count(), func.min(Objection.filed_at)).where(
        Objection.origin == origin, col(Objection.filed_at) > hour
    )
    times, first = session.exec(filed).one()
    if times >= MOST_AN_HOUR:
        raise TooManyAttempts(minutes=int((first - hour).total_seconds() // 60) + 1)


def faults_of(new: NewObjection) -> tuple[list[Fault], list[tuple[ObjectionFile, bytes]]]:
    """Return everything that is wrong with an objection, and its files once they were examined."""
    faults = identity_faults(new)
    if not PHONE.fullmatch(new.phone.strip()):
        faults.append(Fault("phone", NO_PHONE))
    if new.email.strip() and (problem := email_problem(new.email)):
        faults.append(Fault("email", problem))
    if not SHORTEST_FACTS <= len(new.facts.strip()) <= LONGEST:
        faults.append(Fault("facts", NO_FACTS))
    if not SHORTEST_GROUNDS <= len(new.grounds.strip()) <= LONGEST:
        faults.append(Fault("grounds", NO_GROUNDS))
    if len(new.evidence) > MOST_FILES:
        faults.append(Fault("evidence", TOO_MANY_FILES))
    found: list[tuple[ObjectionFile, bytes]] = []
    given = [(new.sealed, "sealed")] if new.sealed else []
    for upload, name in [*given, *((one, f"evidence.{n}") for n, one in enumerate(new.evidence[:MOST_FILES], 1))]:
        try:
            found.append((examined(upload, sealed=name == "sealed"), upload.content))
        except (UnsupportedFile, TooLarge) as refused:
            faults.append(Fault(name, refused.sentence()))
    return faults, found


def identity_faults(new: NewObjection) -> list[Fault]:
    """Return what is missing of who objects: a real name, or a unit with its person and its seal."""
    name = new.name.strip()
    nameless = bool(NAMELESS.fullmatch(name))
    match new.kind:
        case ObjectorKind.PERSON:
            faults = [Fault("name", NO_NAME)] if nameless or not 2 <= len(name) <= 50 else []
            return faults + ([Fault("sealed", SEAL_OF_PERSON)] if new.sealed else [])
        case ObjectorKind.UNIT:
            faults = [Fault("name", NO_UNIT)] if nameless or not 2 <= len(name) <= 100 else []
            if not 2 <= len(new.contact.strip()) <= 50:
                faults.append(Fault("contact", NO_CONTACT))
            return faults if new.sealed else [*faults, Fault("sealed", NO_SEAL)]
        case _:
            return [Fault("kind", NO_KIND)]


def examined(upload: Upload, *, sealed: bool) -> ObjectionFile:
    """Examine one file: the sealed original is a PDF, evidence a PDF or a picture."""
    data = upload.content
    if sealed or data.startswith(b"%PDF-") or upload.filename.lower().endswith(".pdf"):
        name, media_type = accepted_pdf(data, upload.filename), "application/pdf"
    else:
        photo = examined_photo(data, upload.filename)
        name, media_type = photo.filename, photo.kind
    return ObjectionFile(filename=name, media_type=media_type, size=len(data), sha256=digest(data), sealed=sealed)


def _written(session: Session, item: PublicityItem, case: Case, new: NewObjection, origin: str) -> Objection:
    policy = policy_for(session, case)
    due = official().after(today(), policy.objection_days)
    year = today().year
    objection = Objection(
        number=f"异议〔{year}〕{next_number(session, f'objection-{year}'):04}号",
        token=secrets.token_urlsafe(24),
        publicity_item_id=item.id,
        case_id=case.id,
        kind=ObjectorKind(new.kind),
        name=new.name.strip(),
        contact=new.contact.strip(),
        phone=new.phone.strip(),
        email=normalised_email(new.email),
        locale=language.get(),
        facts=new.facts.strip(),
        grounds=new.grounds.strip(),
        origin=origin,
        due_on=due.day,
        provisional=due.provisional,
    )
    session.add(objection)
    return objection
