"""Where the panel's resolution is, and where the office can ask more experts, round by round."""

from collections.abc import Sequence

from core.i18n import gettext
from models.judgement import Decision
from models.person import User
from pages.case_judgements import ReviewRound
from pages.kit import Crumb
from regulation.definition import stage
from regulation.policy import Policy
from regulation.roles import Role
from regulation.stages.expert_review import EXPERT_REVIEW

Decisions = Sequence[tuple[Decision, User | None]]


def panel_links(
    address: str, rounds: Sequence[ReviewRound], decisions: Decisions, roles: frozenset[Role], policy: Policy
) -> dict[int, list[Crumb]]:
    """Return the links of each round whose result the reader sees; only the office may ask more experts."""
    concluded = {one.round for one, _ in decisions if _is_conclusion(one)}
    ended = {one.round for one, _ in decisions if one.stage == EXPERT_REVIEW.key and not one.undone_at}
    found: dict[int, list[Crumb]] = {}
    for at in rounds:
        links = found.setdefault(at.round, [])
        if at.result and at.round in concluded:
            links.append(Crumb(gettext("评审决议（PDF）"), f"{address}/resolutions/{at.round}"))
        asked_before = len(at.reviews) > policy.panel_size
        if at.result and at.result.warning and at.round not in ended and not asked_before and Role.OFFICE in roles:
            links.append(Crumb(gettext("增聘 2 位专家"), f"{address}/panel"))
    return found


def _is_conclusion(decision: Decision) -> bool:
    """Whether a decision is the chair's, and stands."""
    concludes = decision.outcome in stage(EXPERT_REVIEW.key).outcomes and decision.decided_by
    return decision.stage == EXPERT_REVIEW.key and bool(concludes) and not decision.undone_at
