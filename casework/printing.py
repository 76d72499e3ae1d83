"""The application on paper: what was filed, or the draft, set as the printable form."""

from datetime import date
from typing import Any

from sqlmodel import Session

from casework.applications import documents_of, is_editable
from casework.cases import latest_submission, of_application
from casework.form_on_paper import sections
from casework.organisations import PROVINCE
from core.clock import local, on_paper
from core.i18n import gettext, speaking
from core.typesetting import legible, typeset
from models.application import Application, Submission
from models.case import Case
from models.organisation import Organisation
from regulation.definition import CITATION
from regulation.form.definition import ATTACHMENTS, FIELDS
from regulation.form.masking import masked

TITLE = "湖北省专业技术人员继续教育基地申报表"
DRAFT = "草稿，未提交"
HIDDEN = "　个人信息已隐去"
KILOBYTE = 1024

INSTRUCTIONS = (
    f"本表依据{CITATION}填报，各项内容与申报系统所存一致。",
    "申报单位对所填内容和所附材料的真实性负责。",
    "金额以万元为单位，保留两位小数；面积以平方米为单位；培训人数按人计，培训人次按人次计。",
    "没有填写的项目印作“—”。字库中没有的文字以〔U+编码〕标示。",
    "本表用 A4 纸打印，按页码顺序装订，在封面和承诺、意见页签字盖章；签字用蓝黑或黑色墨水。",
    "页脚所印校验值（SHA-256）由提交的内容和附件计算得出，内容改动一字，校验值即不相同。",
)

OPINIONS = (
    {"heading": "十三、申报单位意见", "choices": [], "roles": ["单位负责人（签字）", "申报单位（盖章）"]},
    {
        "heading": "十四、推荐单位意见",
        "choices": ["同意推荐", "不予推荐"],
        "roles": ["推荐排序", "经办人（签字）", "负责人（签字）", "推荐单位（盖章）"],
    },
)

Papers = list[dict[str, Any]]


def printed(session: Session, application: Application) -> bytes:
    """Set the application as it stands: the draft while it can be worked on, otherwise what was filed last."""
    case = of_application(session, application.id)
    if case and not is_editable(session, application, case):
        return printed_submission(session, case, latest_submission(session, case))
    papers = [document.model_dump() for document in documents_of(session, application.id)]
    data = _data(session, application, application.content, papers)
    return typeset("application", data, created=local(application.saved_at).date())


def printed_submission(session: Session, case: Case, submission: Submission, *, personal: bool = True) -> bytes:
    """Set one filed version with its number and its SHA-256; the same version gives the same bytes for ever.

    Without `personal`, phones, e-mails and birth dates are hidden, and every page says so.
    """
    application = session.get_one(Application, case.application_id)
    filed_on = local(submission.submitted_at).date()
    mark = f"申报编号 {case.reference}　第 {submission.number} 次提交　SHA-256 {submission.sha256}"
    content = submission.content if personal else masked(submission.content)
    mark += "" if personal else HIDDEN
    data = _data(session, application, content, submission.documents, filed_on)
    return typeset("application", data | {"standing": "", "mark": mark}, created=filed_on)


def paper_name(content: dict[str, Any], suffix: str = "") -> str:
    """Return the name under which the printed form is saved."""
    return f"申报表-{content.get('unit_name') or '未命名'}{suffix}.pdf"


def _data(
    session: Session, application: Application, content: dict[str, Any], papers: Papers, filed_on: date | None = None
) -> dict[str, Any]:
    unit = session.get_one(Organisation, application.organisation_id)
    recommender = session.get_one(Organisation, application.recommender_id)
    day = on_paper(filed_on) if filed_on else ""
    with speaking("zh"):
        return {
            "title": TITLE,
            "standing": DRAFT,
            "mark": "",
            "cover": [
                ["拟挂牌基地名称", legible(str(content.get("base_name") or ""))],
                ["申报单位（盖章）", legible(str(content.get("unit_name") or unit.name))],
                ["推荐单位（盖章）", legible(recommender.name)],
                ["申报日期", day],
            ],
            "authority": PROVINCE,
            "instructions": list(INSTRUCTIONS),
            "sections": sections(content),
            "promise": gettext(FIELDS["promise"].hint),
            "promised": "申报单位已在系统中作出上述承诺" if content.get("promise") else "尚未在系统中作出承诺",
            "enclosures": _enclosures(papers),
            "opinions": list(OPINIONS),
        }


def _enclosures(papers: Papers) -> list[list[str]]:
    there = {paper["kind"]: paper for paper in papers}
    return [
        [
            gettext(asked.title),
            legible(there[asked.key]["filename"]),
            f"{-(-there[asked.key]['size'] // KILOBYTE):,} KB",
            there[asked.key]["sha256"],
        ]
        for asked in ATTACHMENTS
        if asked.key in there
    ]
