"""The summary of a call as a workbook to take away: one row a case, the figures as numbers."""

from collections.abc import Sequence

from casework.summary import Standing
from core.i18n import gettext, marked
from core.spreadsheets import Cell, Table, write
from models.judgement import Recommendation
from regulation.areas import AREA_NAMES
from regulation.definition import BY_KEY
from regulation.form.domain import DOMAINS
from regulation.outcomes import Outcome

TITLE = marked("审定汇总表")
HEADINGS = (
    marked("排名"),
    marked("编号"),
    marked("申报单位"),
    marked("基地名称"),
    marked("地区"),
    marked("领域"),
    marked("推荐单位"),
    marked("推荐排序"),
    marked("环节"),
    marked("办理结果"),
    marked("评审得分"),
    marked("最高分与最低分之差"),
    marked("建议通过"),
    marked("建议退回补正"),
    marked("建议不通过"),
    marked("专家评审"),
    marked("实地考察"),
    marked("不一致项"),
    marked("认定"),
    marked("未办结异议"),
    marked("标记"),
)
FLAGS = {
    "stalled": marked("已停滞"),
    "overdue": marked("已逾期"),
    "fragile": marked("结论不稳"),
    "mismatch": marked("实地数据有出入"),
    "objection": marked("异议未办结"),
    "upheld": marked("异议成立"),
}
"""What the flags of a standing are called."""
DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}


def workbook(standings: Sequence[Standing]) -> bytes:
    """Write the summary as .xlsx, in the reader's language."""
    headings = [gettext(heading) for heading in HEADINGS]
    return write(Table(gettext(TITLE), headings, [_row(one) for one in standings]))


def concluded(standing: Standing, stage: str) -> str:
    """Return what a stage has concluded, in the reader's language; nothing while it has not."""
    outcome = standing.decided.get(stage)
    return gettext(BY_KEY[stage].words_for(outcome)) if outcome else ""


def flags_of(standing: Standing) -> list[str]:
    """Return the flags in the reader's language."""
    return [gettext(FLAGS[flag]) for flag in standing.flags]


def domains_of(standing: Standing) -> str:
    """Return the fields applied for, in the reader's language."""
    return gettext("、").join(gettext(DOMAIN_TITLES.get(key, key)) for key in standing.domains)


def area_of(standing: Standing) -> str:
    """Return the area, in the reader's language."""
    return gettext(AREA_NAMES[standing.area]) if standing.area in AREA_NAMES else ""


def ended(standing: Standing) -> str:
    """Return how the case has ended, or that it is open."""
    outcome = standing.case.outcome
    if not outcome:
        return gettext("在办")
    return gettext("已认定") if outcome is Outcome.APPROVED else gettext(outcome.title)


def _row(one: Standing) -> list[Cell]:
    votes = [one.votes.get(word) for word in Recommendation]
    return [
        one.rank,
        one.case.reference,
        one.unit,
        one.base_name,
        area_of(one),
        domains_of(one),
        one.recommender,
        one.place,
        gettext(BY_KEY[one.case.stage].title),
        ended(one),
        round(float(one.mean), 2) if one.mean is not None else None,
        one.spread,
        *votes,
        concluded(one, "expert-review"),
        concluded(one, "site-inspection"),
        one.mismatches,
        concluded(one, "certification"),
        one.open_objections,
        gettext("、").join(flags_of(one)),
    ]
