"""What is wrong with the marks on a scoring sheet: every item marked, in whole points, and the extremes explained."""

from collections.abc import Mapping

from core.errors import Fault
from core.i18n import gettext, marked
from regulation.sheet import Item, Sheet

LONGEST_REMARK = 500
NO_SCORE = marked("请填写 0 至 100 的整数分。")
NO_SHEET = marked("本批次不设评分表，请填写总分。")
SUMMED = marked("总分由各项得分相加，不单独填写。")
UNKNOWN = marked("评分表中没有这一项。")
NO_MARK = marked("“{title}”请填写 0 至 {points} 的整数分。")
UNEXPLAINED = marked("“{title}”得 {mark} 分，属“{band}”档，须写明理由。")
TOO_LONG = marked("“{title}”的理由不超过 {n} 字。")


def mark_faults(
    sheet: Sheet | None, score: int | None, marks: Mapping[str, int | None], remarks: Mapping[str, str]
) -> list[Fault]:
    """Return everything that is wrong with a score, or with the marks where there is a sheet."""
    if not sheet:
        faults = [] if score is not None and 0 <= score <= 100 else [Fault("score", NO_SCORE)]
        return [*faults, *([Fault("marks", NO_SHEET)] if marks or remarks else [])]
    known = {item.key for item in sheet.items}
    faults = [Fault(f"marks.{key}", UNKNOWN) for key in {*marks, *remarks} if key not in known]
    if score is not None:
        faults.append(Fault("score", SUMMED))
    for item in sheet.items:
        faults += _item_faults(sheet, item, marks.get(item.key), remarks.get(item.key, "").strip())
    return faults


def _item_faults(sheet: Sheet, item: Item, mark: int | None, remark: str) -> list[Fault]:
    title = gettext(item.title)
    if len(remark) > LONGEST_REMARK:
        return [Fault(f"remarks.{item.key}", gettext(TOO_LONG, title=title, n=LONGEST_REMARK))]
    if mark is None or not 0 <= mark <= item.points:
        return [Fault(f"marks.{item.key}", gettext(NO_MARK, title=title, points=item.points))]
    if sheet.must_explain(item, mark) and not remark:
        band = gettext(sheet.band(item, mark).title)
        return [Fault(f"remarks.{item.key}", gettext(UNEXPLAINED, title=title, mark=mark, band=band))]
    return []
