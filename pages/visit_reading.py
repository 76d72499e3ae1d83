"""The form of a visit's record: read field by field, and filled in again from the draft that the team shares."""

from collections.abc import Mapping
from typing import Any

from casework.decisions import Conclusion
from casework.inspections import ITEMS, Seen, Visit
from casework.visits.lines import SeenLine
from casework.visits.signing import Signing
from core.addresses import maybe_identity
from core.i18n import marked, translated
from pages.forms import Form
from pages.reviewer_declared import declared
from regulation.checklist import Line, checklist, title_of
from regulation.outcomes import Outcome

YES, NO, BASIC = "yes", "no", "basic"
LONGEST = 2000
TOO_LONG_IN_ALL = 4000
BASICALLY = marked("基本符合条件")
REPRESENTATIVE = marked("申报单位在场代表")
CONCLUSION = marked("结论")


def record_in(form: Form, papers: Mapping[str, Any], *, whole: bool) -> tuple[Visit, Conclusion]:
    """Read the record; `whole`: it is to be filed, so every line that the form shows has to be answered."""
    outcome = form.choice("outcome", CONCLUSION, [*Outcome, BASIC], required=whole)
    scan = form.file("signed_page", marked("签名页扫描件"), required=False)
    visit = Visit(
        form.day("visited_on", marked("考察日期"), required=False),
        form.text("summary", marked("考察情况"), required=False, longest=LONGEST),
        [_seen(form, item, title, papers, whole=whole) for item, (title, _) in ITEMS.items()],
        [seen for line in checklist(papers) if (seen := _line(form, line, whole=whole))],
        Signing(
            form.text("representative", REPRESENTATIVE, required=False),
            [known for known in map(maybe_identity, form.values_of("on_paper")) if known],
            (scan.filename, scan.content) if scan else None,
        ),
        basic=outcome == BASIC,
    )
    decided = Outcome.APPROVED if outcome == BASIC else Outcome(outcome or Outcome.LAPSED)
    reasons = form.text("reasons", marked("理由"), required=False, longest=LONGEST)
    corrections = form.text("corrections", marked("补正内容"), required=False, longest=TOO_LONG_IN_ALL).splitlines()
    return visit, Conclusion(decided, reasons, corrections if decided is Outcome.RETURNED else [])


def form_with(content: Mapping[str, Any]) -> Form:
    """Return the form as a draft has it."""
    values: dict[str, Any] = {name: content.get(name, "") for name in ("visited_on", "summary", "reasons")}
    values["representative"] = content.get("representative", "")
    values["corrections"] = "\n".join(content.get("corrections", []))
    outcome = BASIC if content.get("basic") else content.get("outcome", "")
    values["outcome"] = "" if outcome == Outcome.LAPSED else outcome
    for item, (found, matches, note) in content.get("findings", {}).items():
        values |= {f"findings-{item}": found, f"note-{item}": note}
        values[f"matches-{item}"] = YES if matches else NO if found else ""
    for line, (found, matches, note) in content.get("lines", {}).items():
        values |= {f"lines-{line}": found, f"lines-{line}-note": note, f"lines-{line}-matches": YES if matches else NO}
    return Form.of(values)


def _seen(form: Form, item: str, title: str, papers: Mapping[str, Any], *, whole: bool) -> Seen:
    """Read what was found of one condition; the record keeps what was declared in Chinese, as the papers are."""
    found = form.text(f"findings-{item}", title, required=False, longest=500)
    matches = form.choice(f"matches-{item}", marked("是否一致"), (YES, NO), required=whole)
    note = form.text(f"note-{item}", marked("备注"), required=False, longest=500)
    return Seen(item, declared(item, papers, _in_chinese), found, matches=matches == YES, note=note)


def _line(form: Form, line: Line, *, whole: bool) -> SeenLine | None:
    """Read what was found of one declared value; nothing while it was not said whether it matches."""
    title = title_of(line.title, line.about)
    matches = form.choice(f"lines-{line.key}-matches", title, (YES, NO), required=whole)
    if not matches:
        return None
    found, note = form.value(f"lines-{line.key}"), form.value(f"lines-{line.key}-note")
    return SeenLine(line.key, found, matches=matches == YES, note=note)


def _in_chinese(source: str, **values: object) -> str:
    return translated(source, "zh", **values)
