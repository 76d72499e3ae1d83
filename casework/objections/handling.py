"""Handling an objection: the office accepts it or says why not, investigates, and answers it with reasons."""

from uuid import UUID

from sqlmodel import Session

from casework import journal
from casework.access import require
from casework.cases import held
from casework.objections.letters import ACCEPTED, REFUSED, RESULTS, answer, tell_applicant
from casework.people import Person
from casework.publicity import end_publicity
from core.clock import now
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import marked
from models.case import Case, StageRound
from models.objection import Objection, ObjectionNote, ObjectionResult
from models.publicity import PublicityItem
from regulation.roles import Role

LONGEST = 2000

EXAMINED = marked("该异议已作出受理与否的决定，不能重复办理。")
NOT_ACCEPTED = marked("该异议尚未受理，请先决定是否受理。")
SETTLED = marked("该异议已办结，不能再办理。")
NO_GIST = marked("请写明告知申报单位的异议要点（不超过 2000 字），不得透露异议人。")
NAMES_OBJECTOR = marked("异议要点中出现了异议人的姓名、名称或联系方式，请删去。")
NO_REASON = marked("请写明不予受理的理由（不超过 2000 字）。")
NO_NOTE = marked("请填写调查情况（不超过 2000 字）。")
NO_RESULT = marked("请选择异议的办理结论。")
NO_ANSWER = marked("请写明结论的理由（不超过 2000 字），将书面答复异议人。")


def accept(session: Session, objection_id: UUID, gist: str, *, by: Person) -> Objection:
    """Take an objection up; the applicant is told its gist, never who objected, and may answer.

    Raises `NotPermitted`, `NotFound`, `Conflict` when it was examined, `Invalid`.
    """
    case, objection = _unexamined(session, objection_id, by)
    if names_objector(objection, gist):
        raise Invalid(faults=[Fault("gist", NAMES_OBJECTOR)])
    objection.gist = _text("gist", gist, NO_GIST)
    objection.accepted, objection.examined_at, objection.examined_by = True, now(), by.id
    _note(session, "objection-accepted", case, objection, by)
    answer(session, case, objection, ACCEPTED, "")
    tell_applicant(session, case, objection, ACCEPTED, objection.gist)
    return objection


def refuse(session: Session, objection_id: UUID, reasons: str, *, by: Person) -> Objection:
    """Do not take an objection up, and say why; it holds its case up no longer."""
    case, objection = _unexamined(session, objection_id, by)
    objection.answer = _text("reasons", reasons, NO_REASON)
    objection.accepted, objection.examined_at, objection.examined_by = False, now(), by.id
    _note(session, "objection-refused", case, objection, by)
    answer(session, case, objection, REFUSED, objection.answer)
    end_publicity(session, case.id)
    return objection


def note(session: Session, objection_id: UUID, text: str, *, by: Person) -> ObjectionNote:
    """Write down what was found out; notes are never changed."""
    case, objection = _open(session, objection_id, by)
    written = ObjectionNote(objection_id=objection.id, text=_text("text", text, NO_NOTE), written_by=by.id)
    session.add(written)
    _note(session, "objection-noted", case, objection, by)
    return written


def conclude(session: Session, objection_id: UUID, result: str, reasons: str, *, by: Person) -> Objection:
    """End an investigation with a result and its reasons; the objector is answered in writing, the applicant told.

    What stands is put before the department when the publicity is over; what does not frees its case.
    """
    case, objection = _open(session, objection_id, by)
    faults = [] if result in set(ObjectionResult) else [Fault("result", NO_RESULT)]
    if not 0 < len(reasons.strip()) <= LONGEST:
        faults.append(Fault("reasons", NO_ANSWER))
    if faults:
        raise Invalid(faults=faults)
    objection.result, objection.answer = ObjectionResult(result), reasons.strip()
    objection.concluded_at, objection.concluded_by = now(), by.id
    _note(session, "objection-concluded", case, objection, by)
    answer(session, case, objection, RESULTS[objection.result], objection.answer)
    tell_applicant(session, case, objection, RESULTS[objection.result], "")
    end_publicity(session, case.id)
    return objection


def names_objector(objection: Objection, gist: str) -> bool:
    """Whether a text for the applicant gives the objector away."""
    private = (objection.name, objection.contact, objection.phone, objection.email)
    return any(word and word in gist for word in private)


def held_objection(session: Session, objection_id: UUID) -> tuple[Case, Objection]:
    """Hold the case of an objection and read the objection anew; raises `NotFound`."""
    objection = session.get(Objection, objection_id)
    if not objection:
        raise NotFound
    case = held(session, objection.case_id)
    session.refresh(objection)
    return case, objection


def _unexamined(session: Session, objection_id: UUID, by: Person) -> tuple[Case, Objection]:
    require(by, Role.OFFICE)
    case, objection = held_objection(session, objection_id)
    if objection.examined_at:
        raise Conflict(EXAMINED)
    return case, objection


def _open(session: Session, objection_id: UUID, by: Person) -> tuple[Case, Objection]:
    require(by, Role.OFFICE)
    case, objection = held_objection(session, objection_id)
    if objection.accepted is None:
        raise Conflict(NOT_ACCEPTED)
    if not objection.accepted or objection.concluded_at:
        raise Conflict(SETTLED)
    return case, objection


def _text(name: str, text: str, sentence: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid(faults=[Fault(name, sentence)])
    return text.strip()


def _note(session: Session, act: str, case: Case, objection: Objection, by: Person) -> None:
    item = session.get_one(PublicityItem, objection.publicity_item_id)
    at = session.get_one(StageRound, item.stage_round_id)
    facts = {"number": objection.number} | ({"result": str(objection.result)} if objection.result else {})
    journal.note(session, act, case=case, by=by, stage=at.stage, round=at.round, **facts)
