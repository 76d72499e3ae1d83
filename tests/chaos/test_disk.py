"""The disk is full while a document is written: nothing half is kept or recorded, and with room again it is done once.

The disk is a small one of the tests' own, mounted where documents are kept, and it is really full.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from casework.applications import documents_of
from casework.cases import held
from casework.causes import failures
from casework.runs import run_again
from core.db import reading, transaction
from core.files import fetch
from core.settings import settings
from models.application import Document
from models.certificate import Certificate
from models.engine import Run, RunState
from regulation.roles import Duty
from tests import cast
from tests.chaos import checking
from tests.chaos.sink import HOST, Sink
from tests.chaos.test_killed import up_to
from tests.engine.conftest import RealStory
from tests.factories import a_pdf, another_institution
from tests.machinery import Engine, until
from tests.stories.telling import an_application
from tests.unit.api.program import as_person
from tests.unit.pages.visitor import Visitor

pytestmark = [pytest.mark.engine, pytest.mark.chaos, pytest.mark.allow_hosts([HOST]), pytest.mark.timeout(300)]

MEGABYTES = 4
NO_ROOM = "文件未能保存（存储空间不足或不可写），请稍后再试。"


class Disk:
    """A small disk where documents are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self, leaving: int) -> None:
        """Leave room for so many bytes."""
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.folder).free - leaving)

    def clear(self) -> None:
        """Make room again."""
        self.ballast.unlink()

    def kept(self) -> list[Path]:
        """Return the files that are there, also those that somebody began to write and did not finish."""
        return sorted(file for file in self.folder.rglob("*") if file.is_file() and file != self.ballast)


@pytest.fixture
def disk(engine: Engine) -> Iterator[Disk]:
    """Put a small disk where the documents of this engine's cases are kept."""
    del engine
    files = settings().home / "files"
    files.mkdir(exist_ok=True)
    options = f"size={MEGABYTES}m,mode=700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", files], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a disk of one's own needs the right to mount one")
    try:
        yield Disk(files)
    finally:
        subprocess.run(["umount", files], check=True)


@pytest.fixture
def story(disk: Disk) -> RealStory:
    """A case of its own, whose papers are on that disk."""
    del disk
    with transaction() as session:
        applicant = another_institution(session)
        return RealStory(an_application(session, applicant), applicant=applicant)


def certificates(story: RealStory) -> list[Certificate]:
    with reading() as session:
        return list(session.exec(select(Certificate).where(Certificate.case_id == story.case_id)))


def stalls_for_want_of_room(story: RealStory) -> Run:
    """Let a run fail at the certificate, whole; return it."""
    failed = story.runs()[-1]
    assert (failed.state, failed.failed_step) == (RunState.FAILED, "issue_certificate")
    assert NO_ROOM in failed.error
    assert "[Errno 28] No space left on device" in failed.traceback
    assert certificates(story) == []
    assert story.case().stalled_at
    return failed


@pytest.mark.parametrize("leaving", [0, 8192], ids=["not a byte left", "room for its beginning"])
def test_a_certificate_is_written(story: RealStory, post_office: Sink, disk: Disk, leaving: int) -> None:
    up_to(story, Duty.CERTIFY)
    kept = disk.kept()
    disk.fill(leaving)
    assert story.certifies() == "Failed"
    first = stalls_for_want_of_room(story)
    assert asks_for_another(story, first) == "Failed", "success is not told of a case that did not move"
    failed = stalls_for_want_of_room(story)
    assert disk.kept() == kept, "nothing half"

    disk.clear()
    assert asks_for_another(story, failed) == "Certified"
    [certificate] = certificates(story)
    assert fetch(certificate.sha256).startswith(b"%PDF-")
    assert story.case_id
    until(lambda: checking.all_gone([story.case_id]), seconds=120)
    assert checking.faults([story.case_id], post_office, unknown=[]) == []


def asks_for_another(story: RealStory, failed: Run) -> str:
    """Let an operator read on the page what is the matter, and run the case again; return how the run ended."""
    reference = story.case().reference
    operator = Visitor().sign_in(cast.OPERATOR)
    assert "先处理原因，再重新运行" in operator.get("/operator/stalled").text
    with reading() as session:
        [cause] = {one.cause.key for one in failures(session) if one.case.id == failed.case_id}
    page = operator.get(f"/operator/stalled/{cause}").text
    assert NO_ROOM in page
    assert reference in page
    with transaction() as session:
        run_again(session, held(session, failed.case_id), by=cast.person(cast.OPERATOR, session))
    return story.turn()


def papers(story: RealStory) -> list[Document]:
    with reading() as session:
        return documents_of(session, story.application_id)


@pytest.mark.parametrize("leaving", [0, 8192], ids=["not a byte left", "room for its beginning"])
def test_a_paper_is_attached(story: RealStory, website: str, disk: Disk, leaving: int) -> None:
    before, kept = papers(story), disk.kept()
    kind = before[0].kind
    headers = as_person(story.applicant).headers
    address = f"{website}/api/v1/applications/{story.application_id}/attachments/{kind}"
    paper = {"file": ("新章程.pdf", a_pdf(pages=200), "application/pdf")}
    assert len(paper["file"][1]) > leaving
    disk.fill(leaving)
    refused = httpx.put(address, files=paper, headers=headers)
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.json()["detail"] == NO_ROOM
    assert papers(story) == before
    assert disk.kept() == kept, "nothing half"

    disk.clear()
    assert httpx.put(address, files=paper, headers=headers).is_success
    [new] = [one for one in papers(story) if one not in before]
    assert fetch(new.sha256) == paper["file"][1]
    assert len(papers(story)) == len(before)
