"""Calls, their policy, the recommending bodies, and the form."""

from dataclasses import fields
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, create_model

from api.schemas.common import Given, GivenInstant, Instant, Long, Short, Told, Word
from casework.calls import is_open
from core.i18n import gettext
from models.application import Call
from models.organisation import Organisation
from regulation.form.field import Field as Asked
from regulation.form.field import Section
from regulation.policy import Policy, parameters, policy_of

MOST = 10_000

POLICY: dict[str, Any] = {
    parameter.name: (
        parameter.type,
        Field(
            parameter.default,
            le=MOST,
            description=" · ".join(parameter.metadata[about] for about in ("title", "unit", "source")),
        ),
    )
    for parameter in fields(Policy)
}
PolicyGiven = create_model("PolicyGiven", __base__=Given, __doc__="The parameters that differ from usual.", **POLICY)


class CallGiven(Given):
    """A call to open."""

    code: Annotated[Short, Field(examples=["2026-2"])]
    title: Annotated[Short, Field(examples=["2026年度第二批湖北省专业技术人员继续教育基地申报"])]
    notice: Long = ""
    opens_at: GivenInstant
    closes_at: GivenInstant
    policy: PolicyGiven = Field(default_factory=PolicyGiven)


class ParameterTold(Told):
    """One parameter of a policy with its unit and source."""

    key: str = Field(examples=["panel_size"])
    title: str = Field(examples=["专家评审委员会人数（单数）"])
    value: float = Field(examples=[5])
    unit: str = Field(examples=["人"])
    source: str = Field(examples=["assumed"])


class CallTold(Told):
    """A call."""

    code: str = Field(examples=["2026-1"])
    title: str = Field(examples=["2026年度第一批湖北省专业技术人员继续教育基地申报"])
    notice: str
    opens_at: Instant
    closes_at: Instant
    open: bool = Field(description="Whether one can apply now, by the server's clock.")
    policy: list[ParameterTold]

    @classmethod
    def of(cls, call: Call) -> "CallTold":
        """Tell a call."""
        policy = [
            ParameterTold(key=p.key, title=gettext(p.title), value=p.value, unit=gettext(p.unit), source=p.source)
            for p in parameters(policy_of(call.policy))
        ]
        given = call.model_dump(include={"code", "title", "notice", "opens_at", "closes_at"})
        return cls(**given, open=is_open(call), policy=policy)


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
