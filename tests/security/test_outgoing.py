"""Requests that leave the house (SSRF): few, known, and to addresses that only the settings name."""

import ast
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf
import pytest

from core.files import accepted_pdf
from core.spreadsheets import Table, lines, write
from core.typesetting import LAYOUT_FILES, LAYOUTS
from tests import cast
from tests.reading import modules, name_of, tree
from tests.unit.api.program import as_person
from tests.unit.api.test_applications import begun

ASKING = {"httpx", "requests", "urllib.request", "urllib3", "aiohttp", "http.client", "ftplib", "telnetlib", "socket",
          "aiosmtplib", "websockets", "joserfc.jwk", "asyncio.streams"}  # fmt: skip
KNOWN = {
    "core/antivirus.py": "JIDI_CLAMD_ADDRESS",
    "core/embedded/engine.py": "JIDI_ENGINE_API_URL",
    "core/embedded/ports.py": "this machine",
    "core/oidc.py": "JIDI_OIDC_ISSUER",
    "flows/engine_room.py": "JIDI_ENGINE_API_URL",
    "flows/gateway.py": "JIDI_ENGINE_API_URL",
    "notifications/transports.py": "JIDI_MAIL_HOST",
}
"""Who asks others, and the setting that says whom."""


def test_who_asks_others_is_known() -> None:
    asking = {name_of(path) for path in modules() if imported(path) & ASKING}
    by_hand = {name for name in asking if name.startswith("terminal/")}  # a person at the terminal asks
    assert asking - by_hand == set(KNOWN), "say here which setting names whom this module asks"


def imported(path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@contextmanager
def nobody_should_come() -> Iterator[tuple[str, list[object]]]:
    """Listen at an address that is only ever written down."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    came.append(listening.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/x", came
        finally:
            over.set()
            thread.join()


@pytest.mark.usefixtures("database")
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_address_that_somebody_writes_down_is_never_asked() -> None:
    with nobody_should_come() as (address, came):
        applicant = as_person(cast.APPLICANT)
        place = begun(applicant)
        text = f'{address} #image("{address}") <img src="{address}">'
        applicant.send("PATCH", place, json={"base_name": text}, headers={"If-Match": '"1"'})
        assert applicant.send("GET", f"{place}/pdf").content.startswith(b"%PDF-")
        linked = write(Table("a", ["b"], [[f'=WEBSERVICE("{address}")']]))
        assert lines(linked)[1] == [f'=WEBSERVICE("{address}")']
        accepted_pdf(pdf_with_a_link(address), "a.pdf")
    assert not came


def pdf_with_a_link(address: str) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address)
        annotation = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)
        pdf.pages[0].Annots = pdf.make_indirect([annotation])
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_makes_code_of_a_text_or_reads_a_file(layout: str) -> None:
    text = (LAYOUT_FILES / f"{layout}.typ").read_text(encoding="utf-8")
    for word in ("eval(", "read(", "plugin(", "@preview", "csv(", "yaml(", "xml(", "cbor(", "toml("):
        assert word not in text
    assert text.count("json(") == text.count("json(bytes(sys.inputs.data))") == 1
