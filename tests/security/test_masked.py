"""Personal data of a case in no answer to anybody but the applicant, before somebody has said why they are needed.

Papers are read as whoever opens them reads them: the text of a PDF, each part of a spreadsheet or a package.
"""

import io
from subprocess import run
from zipfile import ZipFile

import pytest

from regulation.form.definition import ANSWERS
from regulation.form.example import example
from tests import cast
from tests.security.door import Door
from tests.security.matrix import MATRIX, SEES, V1, Line
from tests.security.principals import Principal, Who
from tests.security.record import OBJECTOR_EMAIL, OBJECTOR_PHONE, Record, filled

EXAMPLE = example()
OF_THE_FORM = {EXAMPLE[key] for key, field in ANSWERS.items() if field.personal and EXAMPLE.get(key)}
BORN = {row["born"] for row in EXAMPLE["teachers"]}
ON_PAGES = {f"{int(born[:4])}年{int(born[5:])}月" for born in BORN}
"""Months of birth as a page writes them."""
OF_THE_OBJECTOR = {OBJECTOR_PHONE, OBJECTOR_EMAIL}
PLANTED = OF_THE_FORM | BORN | ON_PAGES | OF_THE_OBJECTOR | {cast.APPLICANT}
OF_A_CASE = (
    "{reference}", "{application_id}", "{assignment_id}", "{code}", "/cases", "/inbox", "/queue", "/office/",
    "/register", "/publicity", "/open-data", "objections", "letters", "messages",
)  # fmt: skip
CAUGHT = "/caught-letters"
"""The mail catcher of the demonstration; there is none elsewhere."""
LINES = [
    line for line in MATRIX
    if line.method == "GET" and not line.path.startswith(CAUGHT) and any(part in line.path for part in OF_A_CASE)
]  # fmt: skip
ADDRESSES = {
    Who.OFFICE: {"/office/people", "/office/people/{user_id}"},
    Who.OPERATOR: {"/operator/letters", "/operator/letters/{letter_id}", "/cases/{reference}", f"{V1}/messages"},
}
"""Who sees addresses and where: whoever keeps the accounts, and whoever sees to it that letters arrive (ADR 14)."""


@pytest.mark.parametrize("who", sorted(SEES - {Who.APPLICANT}, key=str), ids=lambda who: who.value)
def test_nobody_reads_what_nobody_asked_to_see(
    who: Who, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    found = {}
    for line in LINES:
        planted = planted_in(line, record, principals[who], door)
        planted -= {cast.APPLICANT} if line.path in ADDRESSES.get(who, ()) else set()
        if planted:
            found[line.path] = sorted(planted)
    assert found == {}


def test_what_was_planted_is_there(record: Record, principals: dict[Who, Principal], door: Door) -> None:
    applicant = principals[Who.APPLICANT]

    def there(path: str) -> set[str]:
        (line,) = (line for line in LINES if line.path == path)
        return planted_in(line, record, applicant, door)

    assert there("/api/v1/cases/{reference}/submissions") == OF_THE_FORM | BORN
    assert there("/cases/{reference}/papers/{number}") >= OF_THE_FORM | ON_PAGES
    assert there("/api/v1/cases/{reference}/submissions/{number}/pdf") >= OF_THE_FORM


def planted_in(line: Line, record: Record, principal: Principal, door: Door) -> set[str]:
    """Return what was planted and stands in the answer."""
    api = line.path.startswith("/api/")
    headers = principal.bearer if api else principal.browser[0]
    path = filled(line.path, record.named("own", line.at)) + line.query
    said = read(door.send("GET", path, headers=headers).content)
    return {planted for planted in PLANTED if planted in said}


def read(content: bytes) -> str:
    """Return an answer's text, whatever it is wrapped in."""
    if content.startswith(b"%PDF"):
        shown = run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
        return shown.stdout.decode()
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as package:
            return "\n".join(read(package.read(name)) for name in package.namelist())
    return content.decode(errors="replace")
