"""Visits: the days that are offered and agreed, the lines that are compared, photos, and who stands by the record."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.applications import Sha256
from api.schemas.assignments import FindingGiven, InspectionGiven
from api.schemas.common import Day, Given, GivenDay, GivenId, Instant, Long, Reference, Short, Told
from casework.visits.arranging import Arrangement, warnings_about
from models.visit import LineFinding, SignedPage, VisitOffer, VisitPhoto, VisitSignature
from regulation.checklist import Line, title_of

Reasons = Annotated[Long, Field(examples=["当周组织全省统考。"])]


class LineGiven(Given):
    """What was found of one declared value; `found` may stay empty where it matches."""

    found: Annotated[Long, Field(examples=["20"])] = ""
    matches: bool
    note: Annotated[Long, Field(description="Required where a number differs by more than the call allows.")] = ""


class VisitRecordGiven(InspectionGiven):
    """The record of a visit with its conclusion, line by line where that was done."""

    lines: Annotated[
        dict[Short, LineGiven],
        Field(max_length=200, description="By key, see `GET /assignments/{id}/checklist`."),
    ] = Field(default_factory=dict)
    representative: Annotated[Short, Field(description="Who was there for the institution.")] = ""
    on_paper: Annotated[
        list[GivenId],
        Field(max_length=20, description="Members who signed by hand; bring the scan before, `PUT …/signed-page`."),
    ] = Field(default_factory=list)
    basic: Annotated[bool, Field(description="基本符合: approved, with what is to be improved in `reasons`.")] = False


class DraftGiven(VisitRecordGiven):
    """The record of a visit as far as it goes."""

    visited_on: GivenDay | None = None  # type: ignore[assignment]  # a draft may lack it
    summary: Long = ""
    findings: Annotated[dict[Short, FindingGiven], Field(max_length=20)] = Field(default_factory=dict)


class OfferGiven(Given):
    """Days that are offered to the institution."""

    days: Annotated[list[GivenDay], Field(max_length=20, description="Two to five days to come.")]
    note: Annotated[Long, Field(examples=["上午九点到校，请备齐原件。"])] = ""


class AnswerGiven(Given):
    """The institution's answer: one of the offered days, or none of them with reasons."""

    day: Annotated[GivenDay | None, Field(description="One of the offered days; empty: none suits.")] = None
    reasons: Reasons = ""
    proposed: Annotated[list[GivenDay], Field(max_length=20)] = Field(default_factory=list)


class MoveGiven(Given):
    """Another day, agreed by word of mouth."""

    day: GivenDay
    reasons: Reasons


class CancellationGiven(Given):
    """Why the visit is called off."""

    reasons: Reasons


class ConfirmationGiven(Given):
    """Which record one stands by."""

    sha256: Annotated[Short, Field(description="Of the draft, as it was told when it was kept.")]


class OfferTold(Told):
    """Days that were offered, and the answer."""

    days: list[Day]
    note: str
    offered_at: Instant
    answered_at: Instant | None = None
    chosen_on: Day | None = None
    reasons: str
    proposed: list[Day]
    withdrawn_at: Instant | None = Field(None, description="Other days were offered in their place.")

    @classmethod
    def of(cls, offer: VisitOffer) -> "OfferTold":
        """Tell an offer."""
        return cls.model_validate(offer)


class VisitTold(Told):
    """Where the arranging of a visit stands."""

    case: Reference
    round: int = Field(examples=[1])
    agreed_on: Day | None = None
    note: str = ""
    sequence: int = Field(description="Of the calendar entry; grows with every change.", examples=[0])
    cancelled: str = Field(description="Why the last agreement was called off.", examples=[""])
    due_on: Day
    warnings: list[str] = Field(description="What speaks against the agreed or the offered days.")
    offers: list[OfferTold]

    @classmethod
    def of(cls, reference: str, there: Arrangement) -> "VisitTold":
        """Tell an arrangement."""
        agreed, waiting = there.agreed, there.open_offer
        offers = [OfferTold.of(one) for one in there.offers]
        days = [agreed.agreed_on] if agreed else OfferTold.of(waiting).days if waiting else []
        return cls(
            case=reference,
            round=there.at.round,
            agreed_on=agreed.agreed_on if agreed else None,
            note=agreed.note if agreed else "",
            sequence=there.appointment.sequence if there.appointment else 0,
            cancelled=there.appointment.reasons if there.appointment and not agreed else "",
            due_on=there.due_on,
            warnings=warnings_about(days, there.due_on),
            offers=offers,
        )


class LineTold(Told):
    """One declared value that a visit compares."""

    key: str = Field(examples=["classrooms"])
    item: str = Field(description="The condition it belongs to.", examples=["premises"])
    title: str = Field(examples=["固定教室数"])
    source: str = Field(examples=["Art. 4(3)"])
    declared: str = Field(examples=["24"])
    unit: str = Field(examples=["间"])
    number: float | None = Field(None, description="Where a number is compared.", examples=[24])

    @classmethod
    def of(cls, line: Line) -> "LineTold":
        """Tell a line in the reader's language."""
        own = {name: getattr(line, name) for name in ("key", "item", "source", "declared", "unit", "number")}
        return cls(**own, title=title_of(line.title, line.about))


class LineFoundTold(Told):
    """What was found of one declared value."""

    key: str = Field(examples=["classrooms"])
    title: str = Field(examples=["固定教室数"])
    declared: str
    found: str
    unit: str
    matches: bool
    difference: float | None = Field(None, description="In per cent of the declared number.")
    flagged: bool = Field(description="Whether that is more than the call allows without a word.")
    note: str

    @classmethod
    def of(cls, line: LineFinding) -> "LineFoundTold":
        """Tell a line of a record in the reader's language."""
        own = line.model_dump(include={"declared", "found", "unit", "matches", "difference", "flagged", "note"})
        return cls(key=line.line, title=title_of(line.title, line.about), **own)


class PhotoTold(Told):
    """A photo of a visit; `taken_at` is the camera's own clock."""

    line: str = Field(description="A line or a condition; empty: the whole visit.", examples=["classrooms"])
    filename: str = Field(examples=["一号教室.jpg"])
    kind: str = Field(examples=["image/jpeg"])
    size: int
    sha256: Sha256
    taken_at: str = Field(examples=["2026-11-24 10:12:00"])
    latitude: float | None = None
    longitude: float | None = None

    @classmethod
    def of(cls, photo: VisitPhoto | dict[str, Any]) -> "PhotoTold":
        """Tell a photo."""
        return cls.model_validate(photo)


class SignatureTold(Told):
    """Who stands by a record."""

    name: str = Field(examples=["何考察示例"])
    on_paper: bool
    signed_at: Instant

    @classmethod
    def of(cls, signature: VisitSignature, name: str) -> "SignatureTold":
        """Tell a signature."""
        return cls(name=name, on_paper=signature.on_paper, signed_at=signature.signed_at)


class DraftTold(Told):
    """The record in preparation, with the hash that the others confirm."""

    assignment: UUID
    saved_at: Instant
    sha256: Sha256


class SignedPageTold(Told):
    """The scan of the signed page."""

    filename: str = Field(examples=["签名页.pdf"])
    size: int
    sha256: Sha256
    uploaded_at: Instant

    @classmethod
    def of(cls, page: SignedPage) -> "SignedPageTold":
        """Tell a scan."""
        return cls.model_validate(page)
