"""Where a case stands: the path of its call's stages, and whose turn it is."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from casework.naming import Naming
from casework.turn_words import ending, turn_sentence
from casework.turns import Turn as CaseTurn
from casework.turns import turns_in
from core.i18n import gettext, marked
from models.case import Case, StageRound
from models.judgement import Decision
from models.person import User
from pages.kit import MarkState, StageMark, Turn
from regulation.definition import stages_under
from regulation.outcomes import Outcome
from regulation.policy import Policy
from regulation.roles import Role
from regulation.stage import Stage

Decisions = Sequence[tuple[Decision, User | None]]

MARKS: Mapping[Outcome, MarkState] = {
    Outcome.APPROVED: "done",
    Outcome.RETURNED: "returned",
    Outcome.REFUSED: "refused",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.LAPSED: "lapsed",
    Outcome.UNDONE: "ahead",
}
ROUND = marked("第 {n} 轮")


def path_of(policy: Policy, rounds: Sequence[StageRound], decisions: Decisions, naming: Naming) -> list[StageMark]:
    """Return the stages of the call in their order, with how far each has come, who ended it and when.

    A round that was undone is not shown: its stage stands where it stood before it.
    """
    decided = {(decision.stage, decision.round): (decision, user) for decision, user in decisions}
    standing = [one for one in rounds if one.outcome is not Outcome.UNDONE]
    stages = stages_under(policy)
    return [_mark(stage, [r for r in standing if r.stage == stage.key], decided, naming) for stage in stages]


def _mark(
    stage: Stage,
    rounds: list[StageRound],
    decided: Mapping[tuple[str, int], tuple[Decision, User | None]],
    naming: Naming,
) -> StageMark:
    title = gettext(stage.title)
    last = max(rounds, key=lambda r: r.round, default=None)
    if not last:
        return StageMark(title, "ahead")
    again = gettext(ROUND, n=last.round) if last.round > 1 else ""
    if last.outcome is None:
        return StageMark(title, "current", note=f"{gettext('办理中')} · {again}" if again else "")
    decision, user = decided.get((stage.key, last.round), (None, None))
    words = gettext(stage.words_for(last.outcome))
    return StageMark(
        title,
        MARKS[last.outcome],
        who=naming.decider(decision, user) if decision and not decision.by_system else "",
        at=decision.decided_at if decision else last.closed_at,
        note=f"{words} · {again}" if again else words,
    )


def turns_for(session: Session, case: Case, naming: Naming) -> tuple[str, list[Turn]]:
    """Return whose turn it is: in one sentence, and one box for each duty however many people hold it.

    The applicant is told the sentence alone, unless it is the applicant's own turn.
    """
    found = turns_in(session, [case], named=naming.sight.names)[case.id]
    owner = naming.sight.owner
    softened = owner or (case.stalled_at is not None and not naming.sight.runs)
    sentence = turn_sentence(case, found, softened=softened)
    if case.closed_at:
        return sentence, [Turn("", ended=ending(case))]
    if softened and not any(_is_own(turn, owner=owner) for turn in found):
        return sentence, [Turn("", sentence=sentence)]
    by_duty: dict[str, list[CaseTurn]] = {}
    for turn in found:
        by_duty.setdefault(turn.duty, []).append(turn)
    return sentence, [_together(duty, turns) for duty, turns in by_duty.items()]


def _is_own(turn: CaseTurn, *, owner: bool) -> bool:
    return owner and turn.assignment is not None and turn.assignment.duty.role is Role.APPLICANT


def _together(duty: str, turns: list[CaseTurn]) -> Turn:
    holders = list(dict.fromkeys(gettext(turn.holder) for turn in turns))
    who = gettext("、").join(holders)
    if len(turns) > len(holders):
        who = gettext("{who}（{n} 人）", who=who, n=len(turns))
    due: list[date] = [turn.due_on for turn in turns if turn.due_on]
    return Turn(who, gettext(duty), min(turn.since for turn in turns), min(due, default=None))
