"""Personal data of a case in no answer to anybody but the applicant, before somebody has said why they are needed."""

import pytest

from regulation.form.example import example
from tests.security.door import Door
from tests.security.matrix import MATRIX, SEES, Line
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled

EXAMPLE = example()
PLANTED = (
    *(EXAMPLE[key] for key in ("legal_representative_phone", "contact_mobile", "contact_phone", "contact_email")),
    *(row["born"] for row in EXAMPLE["teachers"]),
)
ON_PAGES = tuple(f"{int(born[:4])}年{int(born[5:])}月" for born in PLANTED if born[4:5] == "-")
"""Months of birth as a page writes them."""
OF_A_CASE = ("{reference}", "{application_id}", "{assignment_id}", "{code}", "/cases", "/inbox", "/queue")
LINES = [line for line in MATRIX if line.method == "GET" and any(part in line.path for part in OF_A_CASE)]


@pytest.mark.parametrize("who", sorted(SEES - {Who.APPLICANT}, key=str), ids=lambda who: who.value)
def test_nobody_reads_what_nobody_asked_to_see(
    who: Who, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    principal = principals[who]
    found = {line.path: planted for line in LINES if (planted := planted_in(line, record, principal, door))}
    assert found == {}


def test_what_was_planted_is_there(record: Record, principals: dict[Who, Principal], door: Door) -> None:
    (papers,) = (line for line in LINES if line.path == "/api/v1/cases/{reference}/submissions")
    assert planted_in(papers, record, principals[Who.APPLICANT], door) == sorted(set(PLANTED))
    (page,) = (line for line in LINES if line.path == "/cases/{reference}/papers/{number}")
    assert set(ON_PAGES) <= set(planted_in(page, record, principals[Who.APPLICANT], door))


def planted_in(line: Line, record: Record, principal: Principal, door: Door) -> list[str]:
    """Return what was planted and stands in the answer."""
    api = line.path.startswith("/api/")
    headers = principal.bearer if api else principal.browser[0]
    path = filled(line.path, record.named("own", line.at)) + line.query
    said = door.send("GET", path, headers=headers).text
    return sorted({planted for planted in (*PLANTED, *ON_PAGES) if planted in said})
