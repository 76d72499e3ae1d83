"""The archive package of a case, for the office that keeps the files."""

import os
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from casework.cases import by_reference
from casework.trust.package import opened_for_archive, require_archivist, write_package
from core.addresses import Words
from core.db import reading
from core.guarded_headers import OF_A_FILE
from pages.session import SignedIn

router = APIRouter()

PIECE = 2**20


@router.get("/cases/{reference}/archive")
def package(reference: Words, person: SignedIn) -> Response:
    """Give the package as a file; it is written to the disk first, because attachments are large."""
    require_archivist(person)
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        with reading() as session:
            case = opened_for_archive(session, lambda session: by_reference(session, reference))
            write_package(session, case, file)
            name = case.reference
    except BaseException:
        file.close()
        raise
    headers = OF_A_FILE | {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Content-Length": str(file.seek(0, os.SEEK_END)),
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
