"""A stored file on its way to the reader: always saved, never opened inside our pages."""

from urllib.parse import quote

from starlette.responses import Response


def download(content: bytes, filename: str, kind: str = "application/pdf") -> Response:
    """Answer with a file under the name it is known by; the browser saves it and does not guess what it is."""
    headers = {
        "Content-Disposition": f"attachment; filename=\"file.pdf\"; filename*=UTF-8''{quote(filename, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type=kind, headers=headers)
