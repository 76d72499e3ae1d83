"""The part of a new call's form that says what comes from an earlier call, and lets the office leave it behind."""

from dataclasses import dataclass

from sqlmodel import Session

from casework.calls import Wanted, there_is_to_take
from core.i18n import gettext
from pages.filters import day
from pages.forms import Form
from pages.kit import Option

QUOTAS, SHEET = "quotas", "sheet"


@dataclass(frozen=True)
class CopiedPart:
    """The earlier call, what is taken over of it unless unticked, and its notice's papers."""

    code: str
    title: str
    parts: list[Option]
    papers: list[Option]


def copied_part(session: Session, code: str) -> CopiedPart:
    """Return what an earlier call offers."""
    there = there_is_to_take(session, code)
    sheet = gettext("评分表（{n} 项）", n=there.items) if there.items else gettext("不设评分表，只评总分")
    return CopiedPart(
        code=code,
        title=there.title,
        parts=[
            Option(QUOTAS, gettext("单独设置的推荐名额（{n} 个推荐单位）", n=there.bodies)),
            Option(SHEET, sheet),
        ],
        papers=[
            Option(one.sha256, one.filename, gettext("{on} 上传", on=day(one.attached_at))) for one in there.papers
        ],
    )


def all_of(part: CopiedPart) -> dict[str, object]:
    """Return the fields as they are first offered: everything is taken over."""
    return {
        "copy": part.code,
        "taken": [one.value for one in part.parts],
        "papers": [one.value for one in part.papers],
    }


def wanted_in(form: Form) -> Wanted | None:
    """Read what is to be taken over; None where the call is not a copy."""
    code, taken = form.value("copy").strip(), form.values_of("taken")
    if not code:
        return None
    return Wanted(code, quotas=QUOTAS in taken, sheet=SHEET in taken, papers=form.values_of("papers"))
