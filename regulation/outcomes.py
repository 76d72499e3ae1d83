"""How a round of a stage can end."""

from enum import StrEnum

from core.i18n import marked


class Outcome(StrEnum):
    """The binding end of a round.

    `APPROVED` opens the next stage, `RETURNED` a correction, `UNDONE` a further round; the others end the case.
    """

    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    UNDONE = "undone"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese word."""
        return TITLES[self]


TITLES = {
    Outcome.APPROVED: marked("通过"),
    Outcome.RETURNED: marked("退回补正"),
    Outcome.REFUSED: marked("不予通过"),
    Outcome.WITHDRAWN: marked("申报单位撤回"),
    Outcome.LAPSED: marked("逾期终止"),
    Outcome.UNDONE: marked("结论已撤回"),
}

ENDINGS = frozenset({Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED})
"""Outcomes after which the case is closed, at whatever stage."""
