"""Whatever the house gives out: files are saved and never shown, spreadsheets compute nothing, names remain names.

Nothing here is listed: every address of the matrix that answers GET is asked by somebody who may, over a record in
which people and bodies have called themselves by formulas, links and code.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from core.db import transaction
from pages.office_export import FORMULAS
from tests.security.conftest import prepared
from tests.security.door import Door
from tests.security.matrix import MATRIX, Line
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled
from tests.security.test_payloads import harmless

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

POISON = "=cmd|'/c calc'!A1 #panic() {{1337*1337}} \"><script src=//evil.example></script>"
"""A formula, a line of Typst, one of Jinja, markup."""
SHOWN = {"text/html", "application/json", "application/problem+json"}
FOR_PROGRAMS = {"/open-data/bases.schema.json", "/register.atom"}
"""Read where they are, by programs of others: not saved, but without a right to anything."""
OUR_OWN = ("/static/", "/metrics", "/duties/offline.js")
SHEETS = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"}
POISONED = (
    "UPDATE organisations SET name = :poison || name",
    "UPDATE users SET name = '@SUM(1)' || name, title = '+1'",
    "UPDATE applications SET content = jsonb_set(content::jsonb, '{base_name}', to_jsonb(cast(:poison as text)))::json",
    "UPDATE calls SET title = '-1+1' || title",
)


@dataclass(frozen=True)
class Taken:
    """One answer, and the address that gave it."""

    path: str
    answer: httpx.Response

    @property
    def kind(self) -> str:
        return self.answer.headers.get("content-type", "").partition(";")[0]


@pytest.fixture(scope="module")
def taken(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory, door: Door
) -> Iterator[list[Taken]]:
    """Ask for everything there is, each address by the first who may."""
    with prepared(postgres_url, template, tmp_path_factory.mktemp("taken")) as record:
        poison()
        principals = {who: Principal(who) for who in Who}
        lines = {line.path: line for line in MATRIX if line.method == "GET" and line.ok == 200}
        yield [Taken(line.path, asked(line, record, principals, door)) for line in lines.values()]


def poison() -> None:
    for statement in POISONED:
        with transaction() as session:
            session.execute(text(statement), {"poison": POISON} if ":poison" in statement else {})


def asked(line: Line, record: Record, principals: dict[Who, Principal], door: Door) -> httpx.Response:
    who = min(line.who, key=list(Who).index)
    path = filled(line.path, record.named("own", line.at)) + line.query
    api = line.path.startswith("/api/")
    return door.send("GET", path, headers=principals[who].bearer if api else principals[who].browser[0])


def files_among(taken: list[Taken]) -> list[Taken]:
    return [one for one in taken if one.answer.status_code == 200 and one.kind not in SHOWN]


def test_nothing_breaks_over_such_a_record(taken: list[Taken]) -> None:
    assert {one.path: one.answer.status_code for one in taken if one.answer.status_code >= 500} == {}
    assert len(taken) > 150


def test_on_no_page_a_name_is_more_than_a_name(taken: list[Taken]) -> None:
    pages = [one for one in taken if one.kind == "text/html"]
    assert sum("script src=//evil.example" in unescape(one.answer.text) for one in pages) > 30
    for one in pages:
        harmless(one.answer, one.path)


def test_every_file_is_saved_and_never_shown_inside_our_pages(taken: list[Taken]) -> None:
    found = {one.path: one for one in files_among(taken) if not one.path.startswith(OUR_OWN)}
    assert len(found) > 30
    assert {path: one.kind for path, one in found.items() if not is_harmless(one.answer)} == {}
    assert {path for path, one in found.items() if not is_saved(one.answer)} == FOR_PROGRAMS


def is_harmless(answer: httpx.Response) -> bool:
    policy = answer.headers["content-security-policy"]
    sandboxed = "sandbox" in policy and "default-src 'none'" in policy
    return sandboxed and answer.headers["x-content-type-options"] == "nosniff"


def is_saved(answer: httpx.Response) -> bool:
    return answer.headers.get("content-disposition", "").startswith("attachment;")


def test_no_spreadsheet_holds_anything_that_computes_or_leads_away(taken: list[Taken]) -> None:
    sheets = [one for one in files_among(taken) if one.kind in SHEETS]
    assert len(sheets) >= 8, [one.path for one in sheets]
    wrong = {one.path: found for one in sheets if (found := computing(one))}
    assert wrong == {}
    assert any(POISON.encode() in one.answer.content or holds(one) for one in sheets), "nothing of it came through"


def computing(one: Taken) -> list[str]:
    """Return the cells of a file that a spreadsheet would carry out."""
    if one.kind == "text/csv":
        rows = csv.reader(io.StringIO(one.answer.content.decode("utf-8-sig")))
        return [cell for row in rows for cell in row if cell.startswith(FORMULAS) and not is_number(cell)]
    with zipfile.ZipFile(io.BytesIO(one.answer.content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheets = "".join(part for name, part in parts.items() if name.startswith("xl/worksheets/"))
    links = [name for name, part in parts.items() if "relationships/hyperlink" in part or "externalLink" in name]
    return links + re.findall(r"<f[ >].*?</f>|<hyperlink", sheets.replace(*LISTS))


LISTS = ("<formula1>", "<of-a-list>")
"""A drop-down list names its words in an element that only sounds like it."""


def is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))


def holds(one: Taken) -> bool:
    if one.kind == "text/csv":
        return "cmd|" in one.answer.text
    with zipfile.ZipFile(io.BytesIO(one.answer.content)) as archive:
        return any(b"cmd|" in archive.read(name) for name in archive.namelist())


def test_what_is_answered_as_json_is_json(taken: list[Taken]) -> None:
    for one in taken:
        if one.kind == "application/json" and one.answer.status_code == 200:
            json.loads(one.answer.content)
