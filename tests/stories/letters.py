"""Which letters a record calls for, read from the facts: one for each fact and person."""

import re
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from casework.assignments import carriers
from casework.letters import applicants_of
from casework.people import holders_of
from casework.pressing import superiors_of
from core.db import reading
from models.application import Submission
from models.call import CallExtension, Window
from models.case import Assignment, Case, StageRound
from models.certificate import Certificate, RegisterEntry
from models.clarification import Clarification
from models.engine import Run, RunState
from models.expert import Invitation
from models.journal import JournalEntry
from models.judgement import Decision
from models.message import Message
from models.objection import Objection
from models.operating import Part, StepWaiver
from models.person import User
from models.publication import AnnouncementItem, Revocation
from regulation.outcomes import ENDINGS, Outcome
from regulation.roles import Duty, Role
from tests.stories.taken_back import of_undone, taken_back, told_of, was_told
from tests.stories.visiting import of_visits

Letters = Counter[tuple[str, str]]

PAGES = [
    re.compile(path)
    for path in (
        r"/cases/JD-\d{4}-\d{4,}",
        r"/cases/JD-\d{4}-\d{4,}/clarifications",
        r"/cases/JD-\d{4}-\d{4,}/visit",
        r"/duties/[0-9a-f-]{36}",
        r"/duties/[0-9a-f-]{36}/answer",
        r"/office/cases/JD-\d{4}-\d{4,}/conflicts",
        r"/applications/[0-9a-f-]{36}",
        r"/verify/[\w-]{16}",
        r"/register",
        r"/calls/[\w-]+",
        r"/operator/stalled",
        r"/operator/by-hand",
        r"/inbox",
        r"/recommendations/[\w-]+",
        r"/cases/JD-\d{4}-\d{4,}/objections/[0-9a-f-]{36}",
        r"/office/objections/[0-9a-f-]{36}",
        r"/office/revocations/[0-9a-f-]{36}",
        r"/objections/[\w-]{32}",
        r"/announcements/[0-9a-f-]{36}",
    )
]
"""Where letters may lead."""


def posted_letters() -> Letters:
    """Count the letters that were posted, by kind and recipient; those about no case have tests of their own."""
    with reading() as session:
        kept = session.exec(select(Message).where(col(Message.letter).not_in(["digest", "delegated"])))
        return Counter((m.letter, m.recipient) for m in kept)


def due_letters() -> Letters:
    """Count the letters that the facts call for."""
    with reading() as session:
        letters = of_extensions(session) + of_invitations(session)
        for case in session.exec(select(Case)):
            letters += of_the_applicant(session, case) + of_duties(session, case) + of_failures(session, case)
            letters += of_questions(session, case) + of_recusals(session, case)
            letters += of_objections(session, case) + of_revocations(session, case)
            letters += of_visits(session, case)
            letters += of_substitutes(session, case)
            letters += of_undone(session, case)
            letters += of_free_places(session, case)
            letters += of_waivers(session, case)
            letters -= told_by_hand(session, case)
        return letters


def of_invitations(session: Session) -> Letters:
    """Each invitation is one letter, however many cases it is about; the office hears when nobody follows."""
    invited = session.exec(select(User.name).join(Invitation, col(Invitation.user_id) == User.id)).all()
    exhausted = session.exec(select(JournalEntry.detail).where(JournalEntry.act == "nobody-left")).all()
    after = {detail["after"] for detail in exhausted}
    told = [officer.name for _ in after for officer in holders_of(session, Role.OFFICE)]
    spoken = select(User.name).join(Invitation, col(Invitation.user_id) == User.id)
    recorded = session.exec(spoken.where(col(Invitation.recorded_by).is_not(None))).all()
    letters = Counter(("invitation", name) for name in invited) + Counter(("nobody-left", name) for name in told)
    return letters + Counter(("answer-recorded", name) for name in recorded)


def of_recusals(session: Session, case: Case) -> Letters:
    """What an expert declares after the case was given to him or her is told to the office."""
    asked = select(JournalEntry.id).where(JournalEntry.case_id == case.id, JournalEntry.act == "recusal-asked")
    return Counter(("recusal", one.name) for _ in session.exec(asked) for one in holders_of(session, Role.OFFICE))


def of_extensions(session: Session) -> Letters:
    """The key names the extension: recommenders hear of it once, applicants only if their draft was not filed then."""
    first = {str(one.id): one for one in session.exec(select(CallExtension))}
    told = session.exec(select(Message).where(Message.letter == "extended")).all()
    assert len({message.key for message in told}) == len(told)
    assert {message.key.split("/")[1] for message in told} <= set(first)
    recommenders = {user.name for user in holders_of(session, Role.RECOMMENDER)}
    for extension in {message.key.split("/")[1] for message in told}:
        assert recommenders <= {one.recipient for one in told if extension in one.key}
    return Counter(("extended", message.recipient) for message in told)


def of_the_applicant(session: Session, case: Case) -> Letters:
    """A receipt for each submission, a letter for each unfavourable end of a round, one with the certificate."""
    rounds = session.exec(select(StageRound.outcome).where(StageRound.case_id == case.id)).all()
    filed = session.exec(select(Submission).where(Submission.application_id == case.application_id)).all()
    kinds = ["receipt"] * len(filed)
    kinds += [str(outcome) for outcome in rounds if outcome in ENDINGS]
    kinds += [str(decision.outcome) for decision in taken_back(session, case) if was_told(session, decision)]
    kinds += ["returned"] * max(0, asked_to_correct(session, case))
    kinds += ["accepted"] * len(accepted(session, case))
    entered = select(RegisterEntry.id).join(Certificate, col(Certificate.id) == RegisterEntry.certificate_id)
    announced = select(AnnouncementItem.id).join(Certificate, col(Certificate.id) == AnnouncementItem.certificate_id)
    kinds += ["announced"] * len(session.exec(announced.where(Certificate.case_id == case.id)).all())
    kinds += ["certified"] * len(session.exec(entered.where(Certificate.case_id == case.id)).all())
    return Counter((kind, person.name) for kind in kinds for person in applicants_of(session, case))


def of_waivers(session: Session, case: Case) -> Letters:
    """Whoever may confirm what cannot be made up for is asked, but for the proposer."""
    able = {user.id: user.name for role in (Role.OPERATOR, Role.DECIDER) for user in holders_of(session, role)}
    proposed = select(StepWaiver.proposed_by).where(StepWaiver.case_id == case.id)
    first = session.exec(proposed.where(col(StepWaiver.part).in_([Part.LETTERS, Part.NOTICE]))).all()
    return Counter(("by-hand-proposed", name) for by in first for one, name in able.items() if one != by)


def told_by_hand(session: Session, case: Case) -> Letters:
    """What people told in a step's place: no letter says it as well."""
    used = select(StepWaiver).where(StepWaiver.case_id == case.id, col(StepWaiver.used_at).is_not(None))
    kinds = [kind_by_hand(session, case, one) for one in session.exec(used)]
    return Counter((kind, person.name) for kind in kinds if kind for person in applicants_of(session, case))


def kind_by_hand(session: Session, case: Case, made: StepWaiver) -> str:
    """The letter to the applicant that a step did not post: of the round's end, the return, the acceptance, the end."""
    at = select(StageRound.outcome).where(StageRound.case_id == case.id, StageRound.stage == made.stage)
    outcome = session.exec(at.where(StageRound.round == made.round)).first()
    match made.part, made.step:
        case Part.LETTERS, "publish":
            return "certified"
        case Part.LETTERS, "open_round":
            return "returned"
        case Part.LETTERS, _:
            return str(outcome)
        case Part.NOTICE, _ if outcome is Outcome.APPROVED:
            return "accepted"
        case _:
            return ""


def accepted(session: Session, case: Case) -> list[StageRound]:
    """The rounds in which the office took the file in."""
    rounds = select(StageRound).where(StageRound.case_id == case.id, StageRound.stage == "acceptance")
    return list(session.exec(rounds.where(StageRound.outcome == Outcome.APPROVED)))


def of_free_places(session: Session, case: Case) -> Letters:
    """What freed a place is named in the key, the case that ended or the recommendation undone; one letter a person."""
    letters = offered(session, case.id)
    assert not letters or (case.closed_at and case.outcome is not Outcome.APPROVED)
    for decision in taken_back(session, case):
        freed = offered(session, decision.id)
        assert not freed or (decision.stage, decision.outcome) == ("local-review", Outcome.APPROVED)
        letters += freed
    return letters


def offered(session: Session, about: UUID) -> Letters:
    """The letters on a place that was freed by one thing, once a person."""
    told = select(Message.recipient).where(Message.letter == "place-free", col(Message.key).contains(f"/{about}/"))
    return Counter({("place-free", name) for name in session.exec(told)})


def asked_to_correct(session: Session, case: Case) -> int:
    return len([a for a in assignments(session, case) if a.duty is Duty.CORRECT])


def of_duties(session: Session, case: Case) -> Letters:
    """Each duty is announced, reminded of, taken back or given to another; after its day it is pressed for.

    A seat that was taken over from an undone round is nobody's to do.
    """
    letters: Letters = Counter()
    for duty in assignments(session, case):
        ended_in = session.get_one(StageRound, duty.stage_round_id).outcome
        undone = not duty.done_at and not duty.replaced_by and not duty.voided_at
        relieved = ended_in in {Outcome.WITHDRAWN, Outcome.LAPSED} and undone
        correcting = duty.duty is Duty.CORRECT
        taken_over = duty.duty is Duty.REVIEW and duty.ended_at == duty.assigned_at
        for person in told_of(session, duty, duty.assigned_at):
            letters["assignment", person.name] += duty.duty not in {Duty.CORRECT, Duty.ANSWER} and not taken_over
            letters["taken-back", person.name] += bool(duty.voided_at and duty.duty in {Duty.ANSWER, Duty.CONCLUDE})
        for person in told_of(session, duty, duty.pressed_at):
            letters["late", person.name] += times(session, "late", duty, duty.pressed_at)
        for person in carriers(session, duty):
            letters["reminder", person.name] += times(session, "reminder", duty, duty.reminded_at)
            letters["relieved", person.name] += relieved and not correcting
            letters["replaced", person.name] += bool(duty.replaced_by)
        for _ in range(times(session, "overdue", duty, duty.escalated_at)):
            letters.update(("overdue", superior.name) for superior in superiors_of(session, duty))
    return +letters


def times(session: Session, letter: str, duty: Assignment, told_at: datetime | None) -> int:
    """How often a duty's day was told of: once, and anew for each day to which an extension has moved it."""
    if duty.duty is not Duty.RECOMMEND:
        return bool(told_at)
    keys = session.exec(select(Message.key).where(col(Message.key).startswith(f"{letter}/{duty.id}/"))).all()
    days = {key.split("/")[2] for key in keys}
    moved = session.exec(select(CallExtension.id).where(CallExtension.window == Window.RECOMMENDATION)).all()
    assert bool(told_at) <= len(days) <= 1 + len(moved)
    assert told_at is None or duty.due_on.isoformat() in days
    return len(days)


def of_questions(session: Session, case: Case) -> Letters:
    """Each question of the panel is put to the institution; whoever asked hears of the answer."""
    letters: Letters = Counter()
    for asked in session.exec(select(Clarification).where(Clarification.case_id == case.id)):
        letters.update(("clarification", person.name) for person in applicants_of(session, case))
        letters["clarified", session.get_one(User, asked.asked_by).name] += bool(asked.answered_at)
    return +letters


def of_objections(session: Session, case: Case) -> Letters:
    """An objector has a receipt and the answers, the office word of it, the institution word of what was taken up."""
    letters: Letters = Counter()
    for one in session.exec(select(Objection).where(Objection.case_id == case.id)):
        steps = bool(one.examined_at) + bool(one.concluded_at)
        if one.email:
            letters += Counter({("objection-received", "异议人"): 1, ("objection-answered", "异议人"): steps})
        told = steps if one.accepted else 0
        letters.update(("objection-told", person.name) for _ in range(told) for person in applicants_of(session, case))
        times = 1 + bool(one.reminded_at) + bool(one.overdue_told_at)
        letters.update(("objection-due", office.name) for _ in range(times) for office in officers(session))
    return +letters


def officers(session: Session) -> list[User]:
    return holders_of(session, Role.OFFICE)


def of_revocations(session: Session, case: Case) -> Letters:
    """The department hears of each proposal, the institution of each revocation."""
    letters: Letters = Counter()
    proposed = select(Revocation).join(Certificate, col(Certificate.id) == Revocation.certificate_id)
    for one in session.exec(proposed.where(Certificate.case_id == case.id)):
        letters.update(("revocation-proposed", person.name) for person in holders_of(session, Role.DECIDER))
        told = applicants_of(session, case) if one.confirmed else []
        letters.update(("revoked", person.name) for person in told)
    return letters


def of_substitutes(session: Session, case: Case) -> Letters:
    """Whoever was away is told of each conclusion that another gave in the own place."""
    decided = select(Decision.in_place_of).where(Decision.case_id == case.id, Decision.in_place_of != "")
    return Counter(("done-for", absent) for absent in session.exec(decided))


def of_failures(session: Session, case: Case) -> Letters:
    """Each failed run is told to the operators, unless the case had ended."""
    failed = session.exec(select(Run).where(Run.case_id == case.id, Run.state == RunState.FAILED)).all()
    stalling = [run for run in failed if run.ended_at and not (case.closed_at and case.closed_at < run.ended_at)]
    return Counter(("stalled", operator.name) for _ in stalling for operator in holders_of(session, Role.OPERATOR))


def assignments(session: Session, case: Case) -> list[Assignment]:
    given = select(Assignment).where(Assignment.case_id == case.id)
    return list(session.exec(given.order_by(col(Assignment.assigned_at))))


def astray() -> list[str]:
    """Return the paths in posted letters that lead to none of our pages."""
    with reading() as session:
        facts = [m.facts for m in session.exec(select(Message))]
    paths = [str(value) for told in facts for name, value in told.items() if name.endswith("path")]
    return [path for path in paths if not any(page.fullmatch(path) for page in PAGES)]
