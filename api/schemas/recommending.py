"""Recommending and accepting: check lists, the signed scan, ranks, places and notices."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.applications import Sha256
from api.schemas.assignments import DecisionGiven
from api.schemas.certifying import MeetingGiven
from api.schemas.common import Day, Given, GivenId, Instant, Long, Reference, Short, Told, Word
from casework.naming import Naming
from casework.quotas import BodyLine, Standing
from casework.recommending.notices import title_of
from casework.recommending.ranks import Ranked
from casework.recommending.sheets import Answer, Sheet
from core.i18n import gettext, marked
from models.case import StageRound
from models.organisation import Organisation
from models.person import User
from models.recommendation import AcceptanceNotice, Examination, SignedScan
from regulation.checks import ACCEPTING, ANSWERS, RECOMMENDING, STAGE_CHECKS
from regulation.definition import stage

STATES = {
    "recommended": marked("已同意推荐"),
    "waiting": marked("候补"),
    "open": marked("待审核"),
    "correcting": marked("申报单位补正中"),
    "ended": marked("已终止"),
}


class CheckGiven(Given):
    """One point of a check list, answered."""

    answer: Annotated[Literal["yes", "no", "not-applicable"], Field(description="`no` needs a note.")]
    note: Long = ""


class SignedDecisionGiven(DecisionGiven):
    """A binding decision; for a recommendation or an acceptance with the check list it stands on.

    The signed and sealed scan of a recommendation is put to `/assignments/{id}/scan` before.
    """

    checks: Annotated[
        dict[Short, CheckGiven],
        Field(
            max_length=40,
            description="By item. To recommend: "
            + ", ".join(f"`{item.key}`" for item in RECOMMENDING)
            + "; to accept: "
            + ", ".join(f"`{item.key}`" for item in ACCEPTING)
            + ".",
        ),
    ] = Field(default_factory=dict)
    handled_by: Annotated[Short, Field(description="经办人 of a recommendation.", examples=["刘经办示例"])] = ""
    signed_by: Annotated[Short, Field(description="负责人 who signed it.", examples=["高局长示例"])] = ""
    meeting: MeetingGiven | None = Field(
        None, description="The meeting that certifies; required where the call's policy asks for minutes."
    )

    @property
    def sheet(self) -> Sheet | None:
        """The check list, if anything of it was given."""
        if not (self.checks or self.handled_by or self.signed_by):
            return None
        answers = [Answer(item, given.answer, given.note) for item, given in self.checks.items()]
        return Sheet(answers, self.handled_by, self.signed_by)


class ScanTold(Told):
    """The signed and sealed recommendation."""

    filename: str = Field(examples=["推荐意见.pdf"])
    size: int = Field(examples=[204_800])
    sha256: Sha256
    uploaded_at: Instant


class CheckTold(Told):
    """One point of a check list as it was answered."""

    item: Word = Field(examples=[{"key": "faculty", "title": "专（兼）职师资稳定，水平和公认度较高"}])
    source: str = Field(description="The article.", examples=["Art. 4(1)"])
    answer: Word = Field(examples=[{"key": "yes", "title": "符合"}])
    note: str


class ExaminationTold(Told):
    """The check list behind a recommendation or an acceptance."""

    stage: Word
    round: int = Field(examples=[1])
    by: str = Field(description="By name, or by body to whoever may not know it.")
    recorded_at: Instant
    handled_by: str = Field(examples=["刘经办示例"])
    signed_by: str = Field(examples=["高局长示例"])
    checks: list[CheckTold]
    scan: ScanTold | None = None

    @classmethod
    def of(
        cls, row: tuple[StageRound, Examination, User, SignedScan | None], absent: str, naming: Naming
    ) -> "ExaminationTold":
        """Tell a check list as this reader may know it."""
        at, kept, user, scan = row
        chapter = stage(at.stage)
        return cls(
            stage=Word.of(chapter.key, chapter.title),
            round=at.round,
            by=naming.examiner(user, at.stage, absent),
            recorded_at=kept.recorded_at,
            handled_by=kept.handled_by,
            signed_by=kept.signed_by,
            checks=[told for one in kept.items if (told := _check(at.stage, one))],
            scan=ScanTold.model_validate(scan) if scan else None,
        )


class NoticeTold(Told):
    """The notice of acceptance, or of refusal; the PDF is beside it, under `/notice/pdf`."""

    title: str = Field(examples=["受理通知书"])
    number: str = Field(examples=["鄂继教受〔2026〕0001号"])
    issued_on: Day
    outcome: Word
    sha256: Sha256

    @classmethod
    def of(cls, notice: AcceptanceNotice) -> "NoticeTold":
        """Tell a notice."""
        outcome = Word.of(notice.outcome, stage("acceptance").words_for(notice.outcome))
        own = {"number", "issued_on", "sha256"}
        return cls(title=gettext(title_of(notice)), outcome=outcome, **notice.model_dump(include=own))


class PlacesTold(Told):
    """How many places there are and how many are used; null without a limit."""

    given: int | None = Field(examples=[5])
    used: int = Field(examples=[3])
    left: int | None = Field(examples=[2])


class RankedTold(Told):
    """One file of a recommending body."""

    case: Reference
    unit: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str
    state: Word = Field(examples=[{"key": "recommended", "title": "已同意推荐"}])
    place: int = Field(description="From 1 among the recommended, or among those waiting; else 0.", examples=[1])
    waiting_since: Instant | None = None
    assignment: UUID | None = Field(None, description="The open duty to recommend it.")

    @classmethod
    def of(cls, one: Ranked) -> "RankedTold":
        """Tell a file."""
        return cls(
            case=one.case.reference,
            unit=one.unit,
            base_name=one.base_name,
            state=Word.of(one.state, STATES[one.state]),
            place=one.place,
            waiting_since=one.waiting_since if one.state == "waiting" else None,
            assignment=one.duty,
        )


class RecommendationsTold(Told):
    """One body's files in one call, the recommended first, by rank."""

    call: str = Field(examples=["2026-1"])
    body: str = Field(examples=["武汉市人力资源和社会保障局"])
    own: PlacesTold = Field(description="The body's places.")
    whole: PlacesTold = Field(description="Those of the whole call.")
    files: list[RankedTold]

    @classmethod
    def of(cls, code: str, body: Organisation, standing: Standing, files: list[Ranked]) -> "RecommendationsTold":
        """Tell a body's files."""
        return cls(
            call=code,
            body=body.name,
            own=PlacesTold.model_validate(standing.own),
            whole=PlacesTold.model_validate(standing.whole),
            files=[RankedTold.of(one) for one in files],
        )


class RankingGiven(Given):
    """The order of files: reference → place, counted from 1; files that are left out keep their order."""

    places: Annotated[dict[Short, int], Field(max_length=500, examples=[{"JD-2026-0001": 1, "JD-2026-0002": 2}])]


class QuotaTold(Told):
    """The places of one body in a call; `own` null: the call's rule for everybody."""

    recommender: UUID
    name: str = Field(examples=["武汉市人力资源和社会保障局"])
    own: int | None = Field(examples=[5])
    places: PlacesTold

    @classmethod
    def of(cls, line: BodyLine) -> "QuotaTold":
        """Tell a body's places."""
        return cls(recommender=line.id, name=line.name, own=line.own, places=PlacesTold.model_validate(line.places))


class QuotaGiven(Given):
    """The places of one body; null takes its own number away."""

    recommender: GivenId
    places: int | None


class QuotasGiven(Given):
    """Places of bodies; those that are left out keep theirs."""

    quotas: Annotated[list[QuotaGiven], Field(max_length=500)]


def _check(key: str, one: dict[str, str]) -> CheckTold | None:
    item = next((asked for asked in STAGE_CHECKS[key] if asked.key == one["item"]), None)
    if not item:
        return None
    answer = Word.of(one["answer"], ANSWERS[one["answer"]])
    return CheckTold(item=Word.of(item.key, item.title), source=item.source, answer=answer, note=one["note"])
