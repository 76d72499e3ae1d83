"""A stored file on its way to the reader: always saved, never opened inside our pages."""

from mimetypes import guess_extension
from urllib.parse import quote

from starlette.responses import Response

from core.guarded_headers import OF_A_FILE


def download(content: bytes, filename: str, kind: str = "application/pdf") -> Response:
    """Answer with a file under the name it is known by; the browser saves it and does not guess what it is."""
    plain = f"file{guess_extension(kind.partition(';')[0]) or ''}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}",
    }
    return Response(content, media_type=kind, headers=headers | OF_A_FILE)
