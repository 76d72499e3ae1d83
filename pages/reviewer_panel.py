"""What the office needs to know to form a panel: its rules, a draw that stands, seats that were vacated."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from casework.experts.answers import invited
from casework.experts.draws import standing_draw
from casework.experts.mixture import rules_for
from casework.experts.overview import vacancies
from core.i18n import gettext
from models.case import Case, StageRound
from models.expert import InvitationState
from pages.kit import Tile
from pages.office_experts_draws import rules_in_words

COUNTED = (InvitationState.ACCEPTED, InvitationState.OPEN, InvitationState.DECLINED, InvitationState.LAPSED)


@dataclass(frozen=True)
class Vacancy:
    """One seat that was vacated: whose it was, and who was asked to take it."""

    href: str
    name: str
    leads: bool
    asked: str


@dataclass(frozen=True)
class PanelBrief:
    """The state of a panel that is not complete yet."""

    rules: list[str]
    draw: str
    confirmed: bool
    answers: list[Tile]
    vacancies: list[Vacancy]


def panel_brief(session: Session, case: Case, at: StageRound) -> PanelBrief:
    """Gather the state of a case's panel."""
    draw = standing_draw(session, at.id)
    states = [one.state for one, _ in invited(session, draw.id)] if draw else []
    return PanelBrief(
        rules=rules_in_words(rules_for(session, [case])),
        draw=f"/office/draws/{draw.id}" if draw else "",
        confirmed=bool(draw and draw.confirmed_at),
        answers=_answers(states),
        vacancies=[
            Vacancy(f"/duties/{seat.id}#replace", user.name, seat.leads, asked.name if asked else "")
            for seat, user, asked in vacancies(session, at.id)
        ],
    )


def _answers(states: Collection[InvitationState]) -> list[Tile]:
    titles = {
        InvitationState.ACCEPTED: gettext("已接受"),
        InvitationState.OPEN: gettext("等待答复"),
        InvitationState.DECLINED: gettext("已谢绝"),
        InvitationState.LAPSED: gettext("逾期未答复"),
    }
    return [Tile(titles[one], str(sum(state is one for state in states))) for one in COUNTED] if states else []
