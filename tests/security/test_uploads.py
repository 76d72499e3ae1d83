"""What is uploaded: judged by what is in it, kept under its hash, refused with nothing left behind."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from core.settings import settings
from tests import cast
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.security.record import KIND, fingerprint
from tests.unit.api.program import Program, as_person
from tests.unit.api.test_applications import begun
from tests.unit.core.scanners import EICAR, HANG_UP, scanning

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.allow_hosts(["127.0.0.1"])]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", bytes(50_000_000))
    return target.getvalue()


NO_PAPER = {
    "svg": SVG, "html": HTML, "html called PDF": b"%PDF-1.7" + HTML, "markup before a PDF": HTML + a_pdf(),
    "photo": a_photo(), "program": b"MZ" + bytes(100), "script": b"#!/bin/sh\nid\n", "bomb": archive(), "nothing": b"",
}  # fmt: skip


def stored() -> list[Path]:
    return sorted(path for path in (settings().home / "files").rglob("*") if path.is_file())


def refused(program: Program, address: str, upload: tuple[str, bytes, str], status: int) -> str:
    """Upload something that must be refused; return the sentence."""
    before, kept = fingerprint(), stored()
    answer = program.send("PUT", f"{address}/attachments/{KIND}", files={"file": upload}, status=status)
    assert fingerprint() == before
    assert stored() == kept
    return str(answer.json()["detail"])


@pytest.mark.parametrize("content", NO_PAPER.values(), ids=NO_PAPER)
@pytest.mark.parametrize("name", ["a.pdf", "a.svg", "a.html"])
def test_a_paper_is_a_pdf_by_its_content_whatever_it_is_called(name: str, content: bytes) -> None:
    applicant = as_person(cast.APPLICANT)
    refused(applicant, begun(applicant), (name, content, "application/pdf"), 415)


def test_what_is_kept_lies_under_its_hash_and_comes_back_as_a_pdf_whatever_was_claimed() -> None:
    applicant = as_person(cast.APPLICANT)
    address = begun(applicant)
    claimed = ("../../evil<script>.html", a_pdf(), "text/html")
    applicant.send("PUT", f"{address}/attachments/{KIND}", files={"file": claimed})
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in stored())
    assert len(stored()) == 1
    answer = applicant.send("GET", f"{address}/attachments/{KIND}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "script" not in answer.headers["content-disposition"].partition("filename*")[0]
    assert "<" not in answer.headers["content-disposition"]


def test_an_infected_paper_leaves_nothing_and_one_that_is_not_scanned_neither() -> None:
    applicant = as_person(cast.APPLICANT)
    address = begun(applicant)
    with scanning() as scanner:
        told = refused(applicant, address, ("a.pdf", a_pdf() + EICAR, "application/pdf"), 415)
        assert "未通过病毒检查" in told
        scanner.says = HANG_UP
        told = refused(applicant, address, ("a.pdf", a_pdf(), "application/pdf"), 503)
        assert told == "无法完成病毒检查，文件未保存，请稍后再试"
        scanner.says = None
        applicant.send("PUT", f"{address}/attachments/{KIND}", files={"file": ("a.pdf", a_pdf(), "application/pdf")})
    assert len(stored()) == 1
