"""Small real things for tests."""

import io
from functools import cache

import pikepdf


@cache
def a_pdf(pages: int = 1) -> bytes:
    """Return a valid PDF of blank A4 pages."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
