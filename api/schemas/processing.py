"""How long a case was worked on, and in whose hands it lay."""

from pydantic import Field

from api.schemas.common import Told
from casework.processing import Processing
from core.i18n import gettext


class HandTold(Told):
    """How long one body had the case."""

    body: str = Field(examples=["推荐单位"])
    working_days: int = Field(examples=[3])
    counted: bool = Field(description="Corrections, expert review and publicity are not (行政许可法 Art. 45).")


class ProcessingTold(Told):
    """How long the case was worked on, in working days."""

    working_days: int = Field(description="Without what is not counted; no day twice.", examples=[8])
    hands: list[HandTold]

    @classmethod
    def of(cls, time: Processing) -> "ProcessingTold":
        """Tell the processing time."""
        hands = [HandTold(body=gettext(h.body), working_days=h.days, counted=h.counted) for h in time.hands]
        return cls(working_days=time.days, hands=hands)
