"""Calls, their policy, the recommending bodies, and the form."""

from typing import Annotated, Any, Self, get_type_hints
from uuid import UUID

from pydantic import Field, create_model

from api.schemas.common import Day, Given, GivenDay, GivenInstant, Instant, Long, Short, Told, Word
from casework.calls import is_open
from casework.policy_rulings import Change
from core.i18n import gettext
from models.application import Call
from models.call import CallExtension, NoticeAttachment, Window
from models.organisation import Organisation
from regulation.form.field import Field as Asked
from regulation.form.field import Section
from regulation.form.materials import materials_of
from regulation.policy import NUMBERS, Parameter, Policy
from regulation.provenance import Source
from regulation.sourced import SourcedPolicy

MOST = 10_000
KINDS = get_type_hints(Policy)

POLICY: dict[str, Any] = {
    parameter.name: (
        KINDS[parameter.name] | None,
        Field(
            None,
            le=MOST,
            description=" · ".join(parameter.metadata[about] for about in ("title", "unit", "source")),
        ),
    )
    for parameter in NUMBERS
}
PolicyGiven = create_model(
    "PolicyGiven",
    __base__=Given,
    __doc__="The parameters in which the call differs from the policy of its day.",
    **POLICY,
)


class CopyGiven(Given):
    """The earlier call whose places, scoring sheet and papers the new one takes over; its windows never."""

    code: Annotated[Short, Field(examples=["2026-1"])]
    quotas: bool = Field(True, description="Places of the bodies, each and in all.")
    sheet: bool = Field(True, description="The scoring sheet.")
    attachments: list[Short] | None = Field(None, description="Hashes of the notice's papers to keep; null: all.")


class CallGiven(Given):
    """A call to open."""

    code: Annotated[Short, Field(examples=["2026-2"])]
    title: Annotated[Short, Field(examples=["2026年度第二批湖北省专业技术人员继续教育基地申报"])]
    notice: Long = ""
    opens_at: GivenInstant
    closes_at: GivenInstant
    recommend_by: GivenInstant | None = Field(
        None, description="Until when bodies may recommend; empty: no last moment."
    )
    policy: PolicyGiven = Field(default_factory=PolicyGiven)
    decision: Short = Field("", description="What the differing parameters rest on.")
    materials: list[Short] | None = Field(
        None, description="Keys of the papers required; empty: those of the call that is copied, else the usual ones."
    )
    copies: CopyGiven | None = Field(None, description="An earlier call that gives this one more than words and dates.")


class ProvenanceTold(Told):
    """What a value rests on."""

    source: Word
    citation: str = Field(examples=["鄂人社函〔2026〕1号"])
    effective_on: Day | None = Field(description="Since when it holds; empty: from the beginning.")
    own: bool = Field(description="Whether this call has set it for itself.")


class ParameterTold(Told):
    """One parameter of a policy with its unit and source."""

    key: str = Field(examples=["panel_size"])
    title: str = Field(examples=["专家评审委员会人数（单数）"])
    value: float = Field(examples=[5])
    unit: str = Field(examples=["人"])
    source: str = Field(examples=["assumed"])
    provenance: ProvenanceTold

    @classmethod
    def of(cls, parameter: Parameter) -> Self:
        """Tell a parameter."""
        origin = parameter.provenance
        return cls(
            key=parameter.key,
            title=gettext(parameter.title),
            value=parameter.value,
            unit=gettext(parameter.unit),
            source=parameter.source,
            provenance=ProvenanceTold(
                source=Word.of(origin.source, origin.source.title),
                citation=origin.citation,
                effective_on=origin.effective_on,
                own=origin.own,
            ),
        )


class CallTold(Told):
    """A call."""

    code: str = Field(examples=["2026-1"])
    title: str = Field(examples=["2026年度第一批湖北省专业技术人员继续教育基地申报"])
    notice: str
    opens_at: Instant
    closes_at: Instant
    recommend_by: Instant | None
    open: bool = Field(description="Whether one can apply now, by the server's clock.")
    policy: list[ParameterTold]
    materials: list[str] = Field(description="The papers required: keys of `file` fields of the form.")

    @classmethod
    def of(cls, call: Call) -> Self:
        """Tell a call."""
        own = SourcedPolicy.kept(call.policy)
        given = call.model_dump(include={"code", "title", "notice", "opens_at", "closes_at", "recommend_by"})
        policy = [ParameterTold.of(one) for one in own.parameters()]
        return cls(**given, open=is_open(call), policy=policy, materials=list(materials_of(own.policy)))


class ExtensionGiven(Given):
    """Later ends for a call's windows."""

    closes_at: GivenInstant | None = None
    recommend_by: GivenInstant | None = None
    reasons: Long


class ExtensionTold(Told):
    """One window of a call, extended."""

    number: int
    window: Word
    was: Instant
    until: Instant
    reasons: str
    decided_at: Instant

    @classmethod
    def of(cls, extension: CallExtension) -> Self:
        """Tell an extension."""
        told = extension.model_dump(include={"number", "was", "until", "reasons", "decided_at"})
        return cls(**told, window=Word.of(extension.window, Window(extension.window).title))


class NoticeAttachmentTold(Told):
    """A paper of a call's notice."""

    filename: str = Field(examples=["申报通知.pdf"])
    size: int
    sha256: str
    attached_at: Instant

    @classmethod
    def of(cls, attachment: NoticeAttachment) -> Self:
        """Tell a paper."""
        return cls.model_validate(attachment)


class PolicyChangeGiven(Given):
    """A value for calls that open on a day or later."""

    value: float
    effective_on: GivenDay
    source: Annotated[Source, Field(strict=False, description="What it rests on.")]
    citation: Annotated[Short, Field(examples=["鄂人社函〔2026〕1号"])]


class PolicyAnswerGiven(Given):
    """Why a proposed value is not taken."""

    answer: Annotated[Long, Field(max_length=500, examples=["请先提交会议研究。"])]


class PolicyChangeTold(Told):
    """One recorded value of a parameter; it counts once another person has confirmed it."""

    id: UUID
    parameter: str = Field(examples=["panel_size"])
    value: float
    effective_on: Day
    source: Word
    citation: str
    recorded_by: str = Field(description="Who proposed it.")
    recorded_at: Instant
    confirmed: bool | None = Field(description="None while nobody has decided.")
    withdrawn: bool = Field(description="Whether its proposer has taken it back; then `confirmed` is false.")
    answer: str = Field(description="Why it was declined.")
    decided_by: str = Field(description="Empty where it was recorded before two persons were needed.")
    decided_at: Instant | None
    late: bool = Field(description="Whether its day has come without a decision.")
    overtaken_by: list[str] = Field(description="Codes of the calls opened meanwhile: it can no longer be confirmed.")

    @classmethod
    def of(cls, told: Change) -> Self:
        """Tell a change."""
        own = {"id", "parameter", "value", "effective_on", "citation", "recorded_at"}
        change, ruling = told.change, told.ruling
        return cls(
            **change.model_dump(include=own),
            source=Word.of(change.source, change.source.title),
            recorded_by=told.proposer.name,
            confirmed=ruling.confirmed if ruling else None,
            withdrawn=told.withdrawn,
            answer=ruling.answer if ruling else "",
            decided_by=told.decider.name if told.decider else "",
            decided_at=ruling.decided_at if ruling else None,
            late=told.late,
            overtaken_by=[call.code for call in told.overtaken_by],
        )


class RecommenderTold(Told):
    """A body that may recommend, Art. 5(3)."""

    id: UUID
    name: str = Field(examples=["武汉市人力资源和社会保障局"])
    kind: str = Field(examples=["area-bureau"])

    @classmethod
    def of(cls, body: Organisation) -> "RecommenderTold":
        """Tell a body."""
        return cls(id=body.id, name=body.name, kind=body.kind)


class FieldTold(Told):
    """One question of the form, or one column of a table."""

    key: str = Field(examples=["unit_name"])
    title: str = Field(examples=["申报单位名称（全称）"])
    kind: str = Field(examples=["text"])
    required: bool
    source: str = Field(examples=["Art. 4(4)"])
    unit: str = Field(examples=[""])
    longest: int = Field(examples=[100])
    choices: list[Word]
    columns: list["FieldTold"]

    @classmethod
    def of(cls, asked: Asked) -> "FieldTold":
        """Tell a question."""
        return cls(
            key=asked.key,
            title=gettext(asked.title),
            kind=asked.kind,
            required=asked.required,
            source=asked.source,
            unit=gettext(asked.unit) if asked.unit else "",
            longest=asked.limit,
            choices=[Word.of(choice.key, choice.title) for choice in asked.choices],
            columns=[cls.of(column) for column in asked.columns],
        )


class SectionTold(Told):
    """A numbered part of the form."""

    key: str = Field(examples=["basics"])
    number: str = Field(examples=["一"])
    title: str = Field(examples=["基本情况"])
    fields: list[FieldTold]

    @classmethod
    def of(cls, section: Section) -> "SectionTold":
        """Tell a section."""
        return cls(
            key=section.key,
            number=section.number,
            title=gettext(section.title),
            fields=[FieldTold.of(asked) for asked in section.fields],
        )
