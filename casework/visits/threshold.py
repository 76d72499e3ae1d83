"""The condition that nobody may waive: Art. 4(4), so many people trained each year, declared and found.

Art. 4 lists it among the conditions a base must have (并具备以下条件), Art. 5(4) accredits whoever meets them: an
institution that trains fewer is neither recommended for approval by an expert nor passed, approved or certified; it can
be returned for correction, or refused.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session, col, select

from casework.cases import latest_submission, policy_for
from casework.visits.lines import Compared, lines_of, number_in
from core.errors import Fault
from core.i18n import gettext, marked
from models.case import Case, StageRound
from models.judgement import Inspection
from regulation.checklist import TAUGHT
from regulation.declared_values import each_year
from regulation.outcomes import Outcome

TRAINED = "specialists"
AS_DECLARED = marked("申报 {year} 年培训专业技术人才 {now} 人")
AS_FOUND = marked("实地考察查明 {year} 年培训专业技术人才 {now} 人")
UNDER = marked(
    "{facts}，不足 {least} 人。《暂行办法》第四条第（四）项规定每年培训不少于 {least} 名专业技术人才，"
    "属认定的必备条件，说明理由也不能作出同意的结论；请退回补正，或作出不同意的结论。"
)


def faults_of(session: Session, case: Case, at: StageRound, outcome: Outcome) -> list[Fault]:
    """Return a fault when a favourable conclusion would pass over a year with too few, declared or found."""
    if outcome is not Outcome.APPROVED:
        return []
    short = [*declared_short(session, case), *([] if at.stage == "site-inspection" else found_short(session, case))]
    return in_words(session, case, short, "outcome")


def faults_of_advice(session: Session, case: Case) -> list[Fault]:
    """Return a fault when an expert would advise to pass such a file."""
    return in_words(session, case, [*declared_short(session, case), *found_short(session, case)], "recommendation")


def faults_of_lines(session: Session, case: Case, lines: Iterable[Compared], outcome: Outcome) -> list[Fault]:
    """Return a fault when a visit that found too few would be passed."""
    if outcome is not Outcome.APPROVED:
        return []
    found = [(one.line.key, one.line.about.get("year"), one.found) for one in lines]
    return in_words(session, case, list(_short(found, policy_for(session, case).trained_per_year)), "outcome")


def in_words(session: Session, case: Case, short: Sequence[str], field: str) -> list[Fault]:
    """Say which years are short, and what forbids to pass over them."""
    least = policy_for(session, case).trained_per_year
    return [Fault(field, gettext(UNDER, facts=gettext("；").join(short), least=least))] if short else []


def declared_short(session: Session, case: Case) -> list[str]:
    """Return the years of the newest papers that are short."""
    content, least = latest_submission(session, case).content, policy_for(session, case).trained_per_year
    return [
        gettext(AS_DECLARED, year=one.suffix, now=f"{one.value:g}")
        for one in each_year(TAUGHT, TRAINED)(content)
        if isinstance(one.value, int | float) and one.value < least
    ]


def found_short(session: Session, case: Case) -> list[str]:
    """Return the years that the newest visit which stands has found short."""
    visits = (
        select(Inspection)
        .join(StageRound, col(StageRound.id) == Inspection.stage_round_id)
        .where(StageRound.case_id == case.id, col(StageRound.outcome).is_distinct_from(Outcome.UNDONE))
    )
    newest = session.exec(visits.order_by(col(StageRound.round).desc())).first()
    lines = lines_of(session, [newest.id])[newest.id] if newest else []
    found = [(one.line, one.about.get("year"), one.found) for one in lines]
    return list(_short(found, policy_for(session, case).trained_per_year))


def _short(found: Iterable[tuple[str, object, str]], least: int) -> Iterator[str]:
    for line, year, text in found:
        number = number_in(text) if line.startswith(f"{TRAINED}_") else None
        if number is not None and number < least:
            yield gettext(AS_FOUND, year=year, now=f"{number:g}")
