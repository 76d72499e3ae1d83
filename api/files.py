"""A stored file on its way to a program."""

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


def download(content: bytes, filename: str) -> Response:
    """Answer with a PDF under the name it is known by."""
    headers = {
        "Content-Disposition": f"attachment; filename=\"file.pdf\"; filename*=UTF-8''{quote(filename, safe='')}",
    }
    return Response(content, media_type="application/pdf", headers=headers | OF_A_FILE)
