"""Provenance: what a value of the policy rests on, and since when it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from core.i18n import marked

ASSUMED = "assumed"
MODEL = "(model)"
"""How a source ends that only lent its rule: it does not bind these bases, so the value is assumed all the same."""


class Source(StrEnum):
    """What a value rests on."""

    ARTICLE = "article"
    DECISION = "decision"
    ASSUMED = "assumed"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese term."""
        return TITLES[self]


TITLES = {
    Source.ARTICLE: marked("《暂行办法》条文"),
    Source.DECISION: marked("主管部门决定"),
    Source.ASSUMED: marked("暂定"),
}


@dataclass(frozen=True)
class Provenance:
    """What a value rests on: `citation` names it, `effective_on` is empty for what has held from the beginning.

    `own`: set by one call for itself, otherwise than the policy of its day.
    """

    source: Source
    citation: str = ""
    effective_on: date | None = None
    own: bool = False

    @classmethod
    def declared(cls, source: str) -> Self:
        """Return the provenance of a value as it is declared in the code: `Art. 4(4)`, a model, or `assumed`."""
        if source == ASSUMED:
            return cls(Source.ASSUMED)
        return cls(Source.ASSUMED if source.endswith(MODEL) else Source.ARTICLE, source)

    @classmethod
    def kept(cls, document: Mapping[str, Any]) -> Self:
        """Return the provenance that a call's snapshot has kept."""
        since = document.get("effective_on")
        return cls(
            source=Source(document["source"]),
            citation=document.get("citation", ""),
            effective_on=date.fromisoformat(since) if since else None,
            own=bool(document.get("own")),
        )

    def document(self) -> dict[str, Any]:
        """Return the provenance as JSON for a snapshot to keep."""
        since = self.effective_on.isoformat() if self.effective_on else None
        return {"source": self.source.value, "citation": self.citation, "effective_on": since, "own": self.own}

    @property
    def assumed(self) -> bool:
        """Whether neither an article nor a decision fixes the value."""
        return self.source is Source.ASSUMED
