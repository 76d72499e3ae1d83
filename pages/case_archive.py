"""The archive package of a case, for the office that keeps the files; who took it, and which, is written down."""

import os
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from casework.access import shown_until
from casework.cases import by_reference
from casework.people import Person
from casework.trust.package import note_taken, opened_for_archive, require_archivist, write_package
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict
from core.guarded_headers import OF_A_FILE
from core.i18n import marked
from models.case import Case
from pages.session import SignedIn

router = APIRouter()

PIECE = 2**20
UNSAID = marked("归档包含有个人信息。请先在申报页面的“查看个人信息”处填写事由，再下载。")


@router.get("/cases/{reference}/archive")
def package(reference: Words, person: SignedIn) -> Response:
    """Give the package as a file; it is written to the disk first, because attachments are large."""
    require_archivist(person)
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        with reading() as session:
            case = opened_for_archive(session, lambda session: by_reference(session, reference))
            require_purpose(session, case, person)
            manifest, case_id, name = write_package(session, case, file), case.id, case.reference
        with transaction() as session:
            note_taken(session, case_id, manifest, by=person)
    except BaseException:
        file.close()
        raise
    headers = OF_A_FILE | {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Content-Length": str(file.seek(0, os.SEEK_END)),
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def require_purpose(session: Session, case: Case, person: Person) -> None:
    """Raise `Conflict` until it is written down why somebody needs the personal data that the package holds."""
    if not shown_until(session, person, case):
        raise Conflict(UNSAID)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
