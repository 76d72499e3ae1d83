"""Drawing a panel for one case or several of a call: what it was drawn from is kept, so that it can be drawn again."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.assignments import held_duty
from casework.committees import refuse_if_assembled
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import Ground, holding
from casework.experts.kept import candidate_as_json, rules_as_json
from casework.experts.mixture import SENTENCE, candidate_of, in_words, rules_for
from casework.experts.pool import STATES, Entry, whole_pool
from casework.people import Person
from core.errors import Fault, Invalid, NotFound, StageClosed
from core.i18n import gettext, marked, speaking
from models.application import Application
from models.case import Assignment, Case, StageRound
from models.expert import Draw, DrawnFor, Invitation, InvitationState
from regulation.drawing import Candidate, CannotBeDrawn, Panel, Rules, draw
from regulation.roles import Duty, Role

MOST_CASES = 100
LONGEST_SEED = 64
CANNOT = marked("无法按本批次规则抽出专家评审委员会：{reasons}。")
EXCLUDED = marked("未列入抽取：{name}，{reason}")
DECLINED = marked("已谢绝或未答复本轮邀请")

Listed = tuple[Assignment, Case, StageRound]


@dataclass(frozen=True)
class Exclusion:
    """Somebody of the pool who was not among the candidates, and why."""

    id: str
    name: str
    reason: str


def draw_panel(session: Session, duties: Collection[UUID], seed: str = "", *, by: Person) -> Draw:
    """Draw one panel for the cases of these duties; without a seed a random one is taken.

    Raises `NotPermitted`, `NotFound`, `AlreadyDecided`, `StageClosed`, or `Invalid`: which rule cannot be kept, and
    who was excluded and why.
    """
    require(by, Role.OFFICE)
    if not duties:
        raise Invalid(faults=[Fault("duties", marked("请至少选择一件申报。"))])
    listed = listed_for(session, duties)
    cases = [case for _, case, _ in listed]
    calls = calls_of(session, cases)
    if len(calls) != 1 or len(cases) > MOST_CASES:
        raise Invalid(faults=[Fault("duties", marked("请选择同一批次中待组建委员会的申报（不超过 100 件）。"))])
    if len(seed.strip()) > LONGEST_SEED:
        raise Invalid(faults=[Fault("seed", marked("种子不超过 64 字。"))])
    seed = seed.strip() or secrets.token_hex(8)
    with speaking("zh"):  # what is kept is a document of the procedure
        candidates, exclusions = sorted_out(session, listed)
    rules = rules_for(session, cases)
    panel = drawn(seed, candidates, rules, exclusions)
    kept = Draw(
        call_id=calls.pop(),
        seed=seed,
        rules=rules_as_json(rules),
        candidates=[candidate_as_json(one) for one in sorted(candidates, key=lambda one: one.id)],
        exclusions=[asdict(one) for one in exclusions],
        members=list(panel.members),
        chair=panel.chair,
        drawn_by=by.id,
    )
    session.add(kept)
    session.flush()
    for _, case, at in listed:
        session.add(DrawnFor(draw_id=kept.id, case_id=case.id, stage_round_id=at.id))
        journal.note(session, "panel-drawn", case=case, by=by, stage=at.stage, round=at.round, draw=str(kept.id))
    session.flush()
    return kept


def calls_of(session: Session, cases: Collection[Case]) -> set[UUID]:
    """Return the calls that cases belong to."""
    ids = [case.application_id for case in cases]
    return set(session.exec(select(Application.call_id).where(col(Application.id).in_(ids))))


def listed_for(session: Session, duties: Collection[UUID]) -> list[Listed]:
    """Hold the cases of these duties; each must wait for its panel, with no draw standing."""
    listed = [held_duty(session, duty) for duty in in_order_of_cases(session, duties)]
    for duty, case, at in listed:
        refuse_if_ended(session, case, at)
        if duty.duty is not Duty.ASSEMBLE_PANEL:
            raise StageClosed
        refuse_if_assembled(session, duty)
    return listed


def in_order_of_cases(session: Session, duties: Collection[UUID]) -> list[UUID]:
    """Return duties in the order in which their cases are locked everywhere."""
    found = session.exec(select(Assignment).where(col(Assignment.id).in_(set(duties)))).all()
    if len(found) != len(set(duties)) or not found:
        raise NotFound
    return [one.id for one in sorted(found, key=lambda one: one.case_id)]


def sorted_out(session: Session, listed: Sequence[Listed]) -> tuple[list[Candidate], list[Exclusion]]:
    """Tell those of the pool who can be drawn for all of these cases from those who cannot, each with every reason."""
    pool, cases = whole_pool(session), [case for _, case, _ in listed]
    against = holding(session, cases, [one.user.id for one in pool])
    unwilling = declined_in(session, [at.id for _, _, at in listed])
    references = {case.id: case.reference for case in cases}
    reasons = {one.user.id: reasons_against(one, against, references, unwilling) for one in pool}
    candidates = [candidate_of(one) for one in pool if not reasons[one.user.id]]
    excluded = [
        Exclusion(str(one.user.id), one.user.name, "；".join(reasons[one.user.id]))
        for one in pool
        if reasons[one.user.id]
    ]
    return candidates, excluded


def reasons_against(
    one: Entry, against: dict[UUID, list[Ground]], references: dict[UUID, str], unwilling: set[UUID]
) -> list[str]:
    """Return why an expert cannot be drawn; a conflict says in which case, where there are several."""
    found = [] if one.state == "active" else [gettext(STATES[one.state])]
    found += [
        f"{references[ground.case_id]} {ground.sentence}" if len(references) > 1 else ground.sentence
        for ground in against.get(one.user.id, ())
    ]
    return found + ([gettext(DECLINED)] if one.user.id in unwilling else [])


def declined_in(session: Session, rounds: Collection[UUID]) -> set[UUID]:
    """Return those who declined, or did not answer, an invitation for one of these rounds."""
    unwilling = (InvitationState.DECLINED, InvitationState.LAPSED)
    earlier = select(DrawnFor.draw_id).where(col(DrawnFor.stage_round_id).in_(rounds))
    found = select(Invitation.user_id).where(col(Invitation.draw_id).in_(earlier), col(Invitation.state).in_(unwilling))
    return set(session.exec(found))


def drawn(seed: str, candidates: list[Candidate], rules: Rules, exclusions: Collection[Exclusion]) -> Panel:
    """Draw; raises `Invalid` with the rule that cannot be kept, and who was excluded and why."""
    try:
        return draw(seed, candidates, rules)
    except CannotBeDrawn as refused:
        faults = [Fault("panel", gettext(SENTENCE, said=in_words(one))) for one in refused.shortages]
        faults += [
            Fault("excluded", gettext(SENTENCE, said=gettext(EXCLUDED, name=one.name, reason=one.reason)))
            for one in exclusions
        ]
        told = gettext("；").join(map(in_words, refused.shortages))
        raise Invalid(CANNOT, faults=faults, reasons=told) from refused


def draw_of(session: Session, draw_id: UUID) -> Draw:
    """Return a draw; raises `NotFound`."""
    found = session.get(Draw, draw_id)
    if not found:
        raise NotFound
    return found


def standing_draw(session: Session, stage_round_id: UUID) -> Draw | None:
    """Return the draw that stands for a round."""
    standing = select(Draw).join(DrawnFor, col(DrawnFor.draw_id) == Draw.id)
    return session.exec(standing.where(DrawnFor.stage_round_id == stage_round_id, col(DrawnFor.stands))).first()


def cases_of(session: Session, draw_id: UUID) -> list[tuple[Case, StageRound]]:
    """Return the cases that a draw is for, by reference."""
    found = (
        select(Case, StageRound)
        .join(DrawnFor, col(DrawnFor.case_id) == Case.id)
        .join(StageRound, col(StageRound.id) == DrawnFor.stage_round_id)
        .where(DrawnFor.draw_id == draw_id)
        .order_by(Case.reference)
    )
    return list(session.exec(found).all())
