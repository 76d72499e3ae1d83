"""The declared values line by line: what was found of each, and which differ by more than the call allows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from core.errors import Fault
from core.i18n import marked
from models.visit import LineFinding
from regulation.checklist import Line, checklist, difference

LONGEST = 500
PLAIN = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
UNKNOWN = marked("申报材料中没有这一核对项。")
TWICE = marked("该核对项填写了两次。")
UNSAID = marked("与申报不一致的，请填写实地所见。")
NO_NUMBER = marked("请填写数字，例如 24。")
TOO_LONG = marked("不超过 500 字。")
UNEXPLAINED = marked("与申报数相差超过本批次规定的幅度，请在备注中说明。")


@dataclass(frozen=True)
class SeenLine:
    """What was found of one declared value; `found` may stay empty where it matches."""

    line: str
    found: str
    matches: bool
    note: str = ""


@dataclass(frozen=True)
class Compared:
    """One line with what was found, and by how many per cent it differs."""

    line: Line
    seen: SeenLine
    found: str
    difference: float | None
    flagged: bool


def compare(content: Mapping[str, Any], given: Sequence[SeenLine], most: float) -> tuple[list[Compared], list[Fault]]:
    """Hold what was found against what was declared; `most` is the difference in per cent that needs no explanation."""
    known = {line.key: line for line in checklist(content)}
    times = Counter(seen.line for seen in given)
    faults = [Fault(f"lines.{key}", TWICE) for key, n in times.items() if n > 1]
    faults += [Fault(f"lines.{key}", UNKNOWN) for key in times if key not in known]
    found = [compared(known[seen.line], seen, most) for seen in given if seen.line in known]
    return found, faults + [fault for one in found for fault in faults_of(one)]


def compared(line: Line, seen: SeenLine, most: float) -> Compared:
    """Hold one line against what was found; a line that matches was found as it was declared."""
    found = seen.found.strip() or (line.declared if seen.matches else "")
    number = number_in(found) if line.number is not None else None
    apart = difference(line, number) if number is not None else None
    return Compared(line, seen, found, apart, flagged=apart is not None and apart > most)


def faults_of(one: Compared) -> list[Fault]:
    """Return what is wrong with one line."""
    at, note = f"lines.{one.line.key}", f"lines.{one.line.key}.note"
    if not one.found:
        return [Fault(at, UNSAID)]
    if len(one.found) > LONGEST or len(one.seen.note) > LONGEST:
        return [Fault(at if len(one.found) > LONGEST else note, TOO_LONG)]
    if one.line.number is not None and one.difference is None:
        return [Fault(at, NO_NUMBER)]
    return [Fault(note, UNEXPLAINED)] if one.flagged and not one.seen.note.strip() else []


def number_in(text: str) -> float | None:
    """Return the number that was typed, with or without thousands separators; None for what is none."""
    typed = text.translate(PLAIN).replace(",", "").replace(" ", "")
    return float(typed) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", typed) else None


def record(session: Session, inspection_id: UUID, found: Sequence[Compared]) -> None:
    """Write the lines of a visit's record, in the order of article 4."""
    order = {one.line.key: number for number, one in enumerate(found, 1)}
    for one in found:
        line = one.line
        session.add(
            LineFinding(
                inspection_id=inspection_id,
                number=order[line.key],
                line=line.key,
                item=line.item,
                title=line.title,
                about=line.about,
                source=line.source,
                unit=line.unit,
                declared=line.declared,
                found=one.found,
                matches=one.seen.matches,
                difference=one.difference,
                flagged=one.flagged,
                note=one.seen.note.strip(),
            )
        )


def lines_of(session: Session, inspection_ids: Sequence[UUID]) -> dict[UUID, list[LineFinding]]:
    """Return the lines of several records, by record, in their order."""
    found = select(LineFinding).where(col(LineFinding.inspection_id).in_(inspection_ids))
    lines: dict[UUID, list[LineFinding]] = {one: [] for one in inspection_ids}
    for line in session.exec(found.order_by(col(LineFinding.number))):
        lines[line.inspection_id].append(line)
    return lines
