"""A stored file on its way to a program."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

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
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type="application/pdf", headers=headers)
