"""A stored file on its way to a program."""

from mimetypes import guess_extension
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from core.guarded_headers import OF_A_FILE

PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How an operation that gives a file describes its answer."""


def download(content: bytes, filename: str, kind: str = "application/pdf") -> Response:
    """Answer with a file, a PDF unless told, under the name it is known by."""
    plain = f"file{guess_extension(kind.partition(';')[0]) or ''}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}",
    }
    return Response(content, media_type=kind, headers=headers | OF_A_FILE)
