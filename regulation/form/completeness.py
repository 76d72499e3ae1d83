"""What a submission still lacks, and how far each section has come."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from core.errors import Fault
from core.i18n import gettext, marked
from regulation.form.checking import faults
from regulation.form.definition import FIELDS, FORM, field
from regulation.form.field import Field, Kind, Section
from regulation.form.figures import cell
from regulation.form.materials import is_required
from regulation.form.place import Content, Place, is_asked, is_empty, rows_of
from regulation.form.systems import EIGHT, IN_FORCE, LACKING
from regulation.policy import Policy

FILL_IN = marked("请填写{label}。")
CHOOSE = marked("请选择{label}。")
TICK = marked("请阅读并勾选{label}。")
ATTACH = marked("请上传{label}（PDF）。")
MORE_ROWS = marked("{label}至少填写 {least} 行，现有 {now} 行。")
MORE_YEARS = marked("{label}应填报 {least} 个年度，现有 {now} 个。")
TOO_FEW_TRAINED = marked(
    "{label}为 {now} 人，未达到《暂行办法》第四条第（四）项规定的每年不少于 {least} 名专业技术人才的条件。"
)
TOO_FEW_PLANNED = marked("{label}为 {now} 人，《暂行办法》第四条第（四）项要求每年不少于 {least} 人。")
SYSTEM_LACKING = marked("尚未建立“{system}”，不符合《暂行办法》第四条第（二）项规定的条件。")
TOO_FEW_TEACHERS = marked("{label}：培训专业“{subject}”的师资至少 {least} 人，现有 {now} 人（按“讲授科目”一栏统计）。")

SENTENCES = {Kind.CHOICE: CHOOSE, Kind.CHOICES: CHOOSE, Kind.FLAG: TICK}


@dataclass(frozen=True)
class SectionState:
    """How far a section has come: `filled` of the `of` questions that must be answered are answered rightly."""

    section: Section
    filled: int
    of: int
    faults: tuple[Fault, ...]
    lacking: tuple[Fault, ...]

    @property
    def complete(self) -> bool:
        """Whether the section could be submitted as it is."""
        return not self.faults and not self.lacking


def missing(content: Content, attached: Collection[str], policy: Policy) -> list[Fault]:
    """Return everything a submission lacks, all at once; `attached` are the keys of the papers that are there.

    What is filled in but wrong is told by `faults`; a submission needs both lists to be empty.
    """
    return [
        fault
        for key in FIELDS
        if is_asked(field(key), content)
        for fault in _lacking(field(key), content, attached, policy)
    ]


def completeness(content: Content, attached: Collection[str], policy: Policy) -> list[SectionState]:
    """Return the state of every section, in the order of the form."""
    wrong, lacking = faults(content, policy), missing(content, attached, policy)
    return [_state(section, content, policy, (wrong, lacking)) for section in FORM]


def _state(section: Section, content: Content, policy: Policy, found: tuple[list[Fault], list[Fault]]) -> SectionState:
    keys = {one.key for one in section.fields}
    here = [tuple(fault for fault in listed if _key(fault) in keys) for listed in found]
    open_keys = {_key(fault) for listed in here for fault in listed}
    due = [one.key for one in section.fields if is_required(one, policy) and is_asked(one, content)]
    return SectionState(section, sum(key not in open_keys for key in due), len(due), *here)


def _key(fault: Fault) -> str:
    return fault.field.partition(".")[0]


def _lacking(one: Field, content: Content, attached: Collection[str], policy: Policy) -> Iterator[Fault]:
    if one.kind is Kind.FILE:
        if is_required(one, policy) and one.key not in attached:
            yield Place(one).fault(ATTACH)
    elif one.kind is Kind.ROWS:
        yield from _lacking_rows(one, content, policy)
        yield from GATES.get(one.key, _no_gate)(content, policy)
    elif one.required and is_empty(content.get(one.key)):
        yield Place(one).fault(SENTENCES.get(one.kind, FILL_IN))


def _lacking_rows(table: Field, content: Content, policy: Policy) -> Iterator[Fault]:
    rows = rows_of(content, table)
    least: int = getattr(policy, table.rows_by) if table.rows_by else table.rows_least or len(table.row_titles)
    if table.row_titles and rows:
        rows = list(enumerate(content[table.key]))
    if not rows and table.required:
        yield Place(table).fault(FILL_IN)
    elif 0 < len(rows) < least:
        yield Place(table).fault(MORE_YEARS if table.rows_by else MORE_ROWS, least=least, now=len(rows))
    for index, row in rows:
        for column in table.columns:
            if column.required and is_empty(row.get(column.key)):
                yield Place(column, table, index).fault(SENTENCES.get(column.kind, FILL_IN))


def _enough_trained(content: Content, policy: Policy) -> Iterator[Fault]:
    """Hold every declared year to the threshold: Art. 4(4) says 每年, so a good year does not make up for another."""
    table = field("training_years")
    for index, row in rows_of(content, table):
        trained = row.get("specialists")
        if isinstance(trained, int) and trained < policy.trained_per_year:
            place = cell(table.key, index, "specialists")
            yield place.fault(TOO_FEW_TRAINED, now=trained, least=policy.trained_per_year)


def _enough_teachers(content: Content, policy: Policy) -> Iterator[Fault]:
    """Count for every subject the teachers whose 讲授科目 names it; the subjects themselves are in section 二."""
    table, least = field("teachers"), policy.teachers_per_subject
    taught = [_compact(row.get("subjects")) for _, row in rows_of(content, table)]
    for _, row in rows_of(content, field("subjects")) if least > 0 and taught else ():
        subject = str(row.get("name") or "")
        now = sum(_compact(subject) in one for one in taught)
        if subject and now < least:
            yield Place(table).fault(TOO_FEW_TEACHERS, subject=subject, least=least, now=now)


def _enough_planned(content: Content, policy: Policy) -> Iterator[Fault]:
    """Hold every planned year to the same threshold as those that were declared."""
    for index, row in rows_of(content, field("plan_years")):
        people = row.get("people")
        if isinstance(people, int) and people < policy.trained_per_year:
            yield cell("plan_years", index, "people").fault(TOO_FEW_PLANNED, now=people, least=policy.trained_per_year)


def _all_systems(content: Content, _: Policy) -> Iterator[Fault]:
    """Ask for all eight systems of Art. 4(2), and for the document and the day of each."""
    for index, row in rows_of(content, field("management_systems")):
        if row.get("in_force") == LACKING.key:
            place = cell("management_systems", index, "in_force")
            yield place.fault(SYSTEM_LACKING, system=gettext(EIGHT[index].title))
        for column in ("document", "issued_on") if row.get("in_force") == IN_FORCE.key else ():
            if is_empty(row.get(column)):
                yield cell("management_systems", index, column).fault(FILL_IN)


def _compact(text: object) -> str:
    return "".join(str(text or "").casefold().split())


def _no_gate(_: Content, __: Policy) -> Iterator[Fault]:
    return iter(())


GATES = {
    "teachers": _enough_teachers,
    "management_systems": _all_systems,
    "training_years": _enough_trained,
    "plan_years": _enough_planned,
}
"""Conditions of article 4 on a whole table."""
