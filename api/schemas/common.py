"""The small shapes that every resource uses."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from core.i18n import gettext, marked

T = TypeVar("T")

NO_INSTANT = marked("应为带时区的时间，例如 2026-11-24T09:00:00+08:00。")
NO_DAY = marked("应为日期，例如 2026-11-24。")
UNSTORABLE = marked("含有不能保存的控制字符，请删除后重新提交。")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EARLIEST, LATEST = 2000, 2100


class Given(BaseModel):
    """What a request brings: nothing more than is asked for, and of exactly the kind."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What an answer tells."""

    model_config: ClassVar[ConfigDict] = ConfigDict(from_attributes=True)


def storable(text: str) -> str:
    """Return the text; a control character, which no text column holds or no reader sees, is refused."""
    if CONTROL.search(text):
        raise ValueError(UNSTORABLE)
    return text


def instant_of(given: object) -> object:
    """Read an instant of a year that makes sense here, with its time zone."""
    try:
        instant = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        instant = None
    if not instant or not instant.tzinfo or not EARLIEST <= instant.year < LATEST:
        raise ValueError(NO_INSTANT)
    return instant.astimezone(UTC)


def day_of(given: object) -> object:
    """Read a day."""
    try:
        return date.fromisoformat(given) if isinstance(given, str) and DAY.fullmatch(given) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> object:
    raise ValueError(NO_DAY)


Short = Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)]
"""A text of one line."""
Long = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
"""A text of many lines; what is too long for its purpose is told by the act itself."""
GivenInstant = Annotated[datetime, BeforeValidator(instant_of), Field(examples=["2026-11-24T09:00:00+08:00"])]
GivenDay = Annotated[date, BeforeValidator(day_of), Field(examples=["2026-11-24"])]
GivenId = Annotated[UUID, Field(strict=False)]

Instant = Annotated[
    datetime, AfterValidator(lambda at: at.astimezone(UTC)), Field(examples=["2026-11-24T01:00:00.000000Z"])
]
"""An instant as it is told: RFC 3339, UTC."""
Day = Annotated[date, Field(examples=["2026-12-08"], description="A day in Hubei.")]
Reference = Annotated[str, Field(examples=["JD-2026-0001"], description="The case's reference.")]


class Word(Told):
    """A word of a list: the stable key, and its title in the reader's language."""

    key: str = Field(examples=["expert-review"])
    title: str = Field(examples=["专家评审"])

    @classmethod
    def of(cls, key: str, title: str) -> "Word":
        """Return the word with its title in the reader's language."""
        return cls(key=key, title=gettext(title))


class Page(Told, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str = Field(description="`after` of the next page; empty on the last one.", examples=["WyJkdWUiXQ"])


class ProblemFault(Told):
    """One fault: where in the request's body (or which parameter), and a sentence about it."""

    pointer: str | None = Field(None, examples=["#/training_years/0/classes"])
    parameter: str | None = Field(None, examples=["limit"])
    detail: str = Field(examples=["培训期数应填写整数，例如 520。"])


class Problem(Told):
    """A refusal, RFC 9457."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    type: str = Field(description="Stable, for programs.", examples=["/problems/already-decided"])
    title: str = Field(examples=["已有决定"])
    status: int = Field(examples=[409])
    detail: str = Field(
        description="A sentence for people, in the reader's language.",
        examples=["本环节已由王芳示例于2026-11-24 10:12作出“同意推荐”的决定，不能重复办理。"],
    )
    instance: str = Field(examples=["/api/v1/assignments/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1/decision"])
    code: str = Field(description="The last part of `type`.", examples=["already-decided"])
    errors: list[ProblemFault] = Field(default_factory=list, description="Every fault at once.")
    changed: list[str] = Field(default_factory=list, description="For `stale`: what somebody else has changed.")
    request_id: str = Field("", description="From 500 on: the number to tell whoever looks for the reason.")


REASONS = {
    400: "The request cannot be read.",
    401: "No token, or one that is valid no longer.",
    403: "Not this person's to do.",
    404: "There is no such thing, or not for this person.",
    409: "The record says otherwise; who and when is in the sentence.",
    412: "Somebody else changed it meanwhile; `changed` names what.",
    413: "Too large.",
    415: "Not of a kind that is accepted.",
    422: "Something is filled in wrongly; `errors` names every fault at once.",
    428: "`If-Match` is missing.",
    429: "Too many attempts; `Retry-After` says when.",
    503: "A part of the system does not answer.",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare what an operation may be refused for."""
    return {status: {"model": Problem, "description": REASONS[status]} for status in statuses}
