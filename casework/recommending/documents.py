"""What a body sends with its files of one call: the letter 推荐函 and the summary table 推荐汇总表 (PDF and xlsx)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.organisations import PROVINCE
from casework.people import recommending_bodies
from casework.recommending.ranks import RECOMMENDED, Ranked, files_of
from core.clock import on_paper, today
from core.errors import NotFound
from core.i18n import marked, speaking
from core.spreadsheets import Cell, Table, write
from core.typesetting import legible, typeset
from models.application import Application, Call
from models.case import Case
from models.organisation import Organisation
from regulation.definition import CITATION
from regulation.form.definition import field
from regulation.form.place import Content
from regulation.form.showing import words

TITLE, SUMMARY = "推荐函", "推荐汇总表"
NOTE = "本表由系统按推荐排序生成，与申报系统所存一致；培训人数为最近一年的专业技术人才人数。"
NOTHING = marked("本批次还没有同意推荐的申报，不能生成推荐函和汇总表。")

HEADINGS = ("推荐排序", "申报编号", "申报单位", "拟挂牌基地名称", "申报主体类别", "申报领域", "专（兼）职师资（人）",
            "年培训人数（人）", "负责人")  # fmt: skip
WEIGHTS = ("5", "8", "12", "14", "9", "11", "6", "6", "6")
TITLES = ("senior", "associate_senior", "intermediate", "other")
"""Columns of the faculty's summary."""


@dataclass(frozen=True)
class Recommended:
    """What one body recommends in one call."""

    call: Call
    body: Organisation
    files: list[Ranked]
    forms: Mapping[UUID, Content]

    @property
    def dated(self) -> date:
        """The day that stands on the papers: today, for they show how matters stand."""
        return today()


def recommended_by(session: Session, call: Call, body: Organisation) -> Recommended:
    """Return what a body recommends in a call, by rank; raises `NotFound` while that is nothing."""
    files = [one for one in files_of(session, call.id, body.id) if one.state == RECOMMENDED]
    if not files:
        raise NotFound(NOTHING)
    return Recommended(call, body, files, forms_of(session, files))


def forms_of(session: Session, files: Sequence[Ranked]) -> dict[UUID, Content]:
    """Return the application forms of files, by case."""
    found = select(Case.id, Application.content).join(Application, col(Application.id) == Case.application_id)
    return dict(session.exec(found.where(col(Case.id).in_([one.case.id for one in files]))).all())


def letter(given: Recommended) -> bytes:
    """Set the letter of recommendation, to be sealed and sent with the files."""
    day = on_paper(given.dated)
    return typeset(
        "recommendation",
        {
            "title": TITLE,
            "to": PROVINCE,
            "call": legible(given.call.title),
            "body": legible(given.body.name),
            "paragraphs": [
                legible(
                    f"按照{CITATION}第五条和“{given.call.title}”的要求，我单位对申报材料进行了审核，"
                    f"同意推荐下列 {len(given.files)} 个施教机构申报湖北省专业技术人员继续教育基地，"
                    "推荐意见和申报材料已在申报系统中报送，请予审查。"
                )
            ],
            "rows": [_named(one) for one in given.files],
            "dated": day,
        },
        created=given.dated,
    )


def summary(given: Recommended) -> bytes:
    """Set the summary table on paper."""
    return typeset(
        "summary",
        {
            "title": SUMMARY,
            "call": legible(given.call.title),
            "body": legible(given.body.name),
            "headings": list(HEADINGS),
            "weights": list(WEIGHTS),
            "rows": [[legible(str(cell)) or "—" for cell in row] for row in _lines(given)],
            "note": NOTE,
            "dated": on_paper(given.dated),
        },
        created=given.dated,
    )


def summary_sheet(given: Recommended) -> bytes:
    """Write the summary table as a spreadsheet."""
    return write(Table(SUMMARY, HEADINGS, _lines(given)))


def whole_sheet(session: Session, call: Call) -> bytes:
    """Write what all bodies recommend in a call, body by body, for the office."""
    rows: list[Sequence[Cell]] = []
    for body in recommending_bodies(session):
        files = [one for one in files_of(session, call.id, body.id) if one.state == RECOMMENDED]
        forms = forms_of(session, files)
        rows += [[body.name, *_line(one, forms[one.case.id])] for one in files]
    return write(Table(SUMMARY, ("推荐单位", *HEADINGS), rows))


def filename(given: Recommended, title: str, kind: str) -> str:
    """Return the name under which a paper is saved."""
    return f"{title}-{given.body.name}-{given.call.code}.{kind}"


def _named(one: Ranked) -> list[str]:
    return [str(one.place), one.case.reference, legible(one.unit), legible(one.base_name) or "—"]


def _lines(given: Recommended) -> list[list[Cell]]:
    return [_line(one, given.forms[one.case.id]) for one in given.files]


def _line(one: Ranked, content: Content) -> list[Cell]:
    with speaking("zh"):
        return [
            one.place,
            one.case.reference,
            one.unit,
            one.base_name,
            words(field("applicant_category"), content.get("applicant_category")),
            words(field("domains"), content.get("domains")),
            _teachers(content),
            _trained(content),
            str(content.get("base_head_name") or ""),
        ]


def _teachers(content: Content) -> int:
    rows = [row for row in content.get("faculty_summary") or [] if isinstance(row, dict)]
    return sum(number for row in rows for title in TITLES if isinstance(number := row.get(title), int))


def _trained(content: Content) -> Cell:
    """Return how many were trained in the latest declared year."""
    rows = [row for row in content.get("training_years") or [] if isinstance(row, dict)]
    latest = max(rows, key=lambda row: str(row.get("year", "")), default={})
    number = latest.get("specialists")
    return number if isinstance(number, int) else None
