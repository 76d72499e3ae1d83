"""Plaques: what is entered, and how each stands."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.certificates import Number
from api.schemas.common import Day, Given, GivenDay, Long, Short, Told
from casework.publication.plaques import PlaqueLine
from models.publication import Ending


class PlaqueGiven(Given):
    """The certificate whose plaque is entered; without a text it says the usual."""

    certificate: Annotated[Short, Field(max_length=40, examples=["鄂继教基地〔2026〕0001号"])]
    text: Annotated[Long, Field(max_length=200)] | None = None


class MakingGiven(Given):
    """When it was made."""

    on: GivenDay


class HandoverGiven(Given):
    """When and to whom it was handed over."""

    on: GivenDay
    to: Annotated[Short, Field(max_length=100, examples=["江汉示例职业技术学院（林晓示例）"])]


class EndingGiven(Given):
    """When it was returned or destroyed."""

    on: GivenDay
    ending: Annotated[Short, Field(description="`returned` or `destroyed`.", examples=["returned"])]


class PlaqueTold(Told):
    """A certificate and its plaque; `id` is none while that is not entered."""

    id: UUID | None
    certificate: Number
    name: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    state: Literal["none", "entered", "made", "handed", "recall", "ended", "void"] = Field(
        description="`recall`: the certificate is revoked and the plaque still about."
    )
    number: str = Field("", examples=["鄂继教牌〔2026〕0001号"])
    text: str = ""
    made_on: Day | None = None
    handed_on: Day | None = None
    handed_to: str = ""
    ended_on: Day | None = None
    ending: Ending | None = None

    @classmethod
    def of(cls, line: PlaqueLine) -> "PlaqueTold":
        """Tell a line of the register."""
        own = {"id", "number", "text", "made_on", "handed_on", "handed_to", "ended_on", "ending"}
        known = {
            "certificate": line.certificate.number,
            "name": line.entry.name,
            "base_name": line.entry.base_name,
            "state": line.state,
        }
        plaque = line.plaque.model_dump(include=own) if line.plaque else {"id": None}
        return cls.model_validate(known | plaque)
