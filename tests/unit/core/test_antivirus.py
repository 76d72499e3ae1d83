"""Nothing is kept that the virus scanner did not pass, where one is set: whatever it says, and if it says nothing."""

import socket

import pytest
from pydantic import ValidationError

from core import antivirus, spreadsheets
from core.antivirus import PIECE
from core.errors import Infected, Unavailable, UnsupportedFile
from core.files import accepted_pdf
from core.i18n import language
from core.photo_examination import examined_photo
from core.settings import ClamdSettings
from core.spreadsheets import Table
from terminal.doctor import BAD, GOOD, WORTH_KNOWING, of_scanner
from tests.conftest import environment
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.unit.core.scanners import EICAR, HANG_UP, SILENCE, TOO_MUCH, scanning

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

UPLOADS = {
    "pdf": lambda more: accepted_pdf(a_pdf() + more, "a.pdf"),
    "photo": lambda more: examined_photo(a_photo() + more, "a.jpg"),
    "workbook": lambda more: spreadsheets.lines(spreadsheets.write(Table("a", ["b"], [["c"]])) + more),
}
EVERY_UPLOAD = pytest.mark.parametrize("upload", UPLOADS.values(), ids=UPLOADS)
NO_JUDGEMENT = {
    "an error": b"stream: Can't allocate memory ERROR\0",
    "a limit": TOO_MUCH,
    "garbage": b"\xff\xfe\x00\x01garbage\0",
    "nothing but a line": b"\0",
    "almost": b"stream: OK \nFOUND\0",
    "half": b"stream: OK",
    "no end": b"x" * 1_000_000,
    "another protocol": b"HTTP/1.1 200 OK\r\n\r\n\0",
    "hanging up": HANG_UP,
    "silence": SILENCE,
}


@EVERY_UPLOAD
def test_what_the_scanner_has_nothing_against_is_taken_and_it_has_seen_all_of_it(upload):
    with scanning() as scanner:
        upload(b"")
    (heard,) = scanner.heard
    assert sum(scanner.pieces) == len(heard) > 0
    assert heard.startswith((b"%PDF-", b"\xff\xd8\xff", b"PK"))


@EVERY_UPLOAD
def test_what_it_finds_something_in_is_refused_in_a_sentence(upload):
    with scanning(), pytest.raises(Infected, match="未通过病毒检查，未予保存") as refused:
        upload(EICAR)
    assert (refused.value.status, refused.value.code) == (415, "infected")
    assert isinstance(refused.value, UnsupportedFile)


@EVERY_UPLOAD
@pytest.mark.parametrize("says", NO_JUDGEMENT.values(), ids=NO_JUDGEMENT)
def test_without_its_word_nothing_is_taken(upload, says):
    patience = 0.3 if says is SILENCE else 5
    with scanning(says, patience=patience), pytest.raises(Unavailable) as refused:
        upload(b"")
    assert refused.value.sentence() == "无法完成病毒检查，文件未保存，请稍后再试"
    assert refused.value.status == 503


@pytest.fixture(params=["port", "path"])
def deserted(request, tmp_path):
    """Name an address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}" if request.param == "port" else str(tmp_path / "clamd.sock")


@EVERY_UPLOAD
def test_where_nobody_listens_nothing_is_taken(upload, deserted):
    with environment(JIDI_CLAMD_ADDRESS=deserted), pytest.raises(Unavailable, match="无法完成病毒检查"):
        upload(b"")
    language.set("en")
    assert Unavailable(antivirus.NOT_CHECKED).sentence().startswith("The file could not be checked for viruses")


def test_a_scanner_may_listen_at_a_path(tmp_path):
    with scanning(path=tmp_path / "s") as scanner:
        assert accepted_pdf(a_pdf(), "a.pdf") == "a.pdf"
    assert scanner.heard == [a_pdf()]


def test_a_large_file_is_handed_over_in_pieces_and_one_beyond_its_limit_is_not_taken():
    large = bytes(3 * PIECE + 1)
    with scanning() as scanner:
        antivirus.require_harmless(large, "a")
    assert scanner.pieces == [PIECE, PIECE, PIECE, 1]
    with scanning(TOO_MUCH), pytest.raises(Unavailable):
        antivirus.require_harmless(bytes(20_000_000), "a")


def test_the_same_file_is_asked_about_again_for_it_may_be_known_by_now():
    with scanning() as scanner:
        accepted_pdf(a_pdf(), "a.pdf")
        scanner.says = b"stream: New FOUND\0"
        with pytest.raises(Infected):
            accepted_pdf(a_pdf(), "a.pdf")


def test_without_an_address_nobody_is_asked():
    with scanning() as scanner, environment(JIDI_CLAMD_ADDRESS=""):
        assert accepted_pdf(a_pdf(), "a.pdf") == "a.pdf"
    assert not scanner.heard


@pytest.mark.parametrize(
    "address", ["clamd", "clamd:", ":3310", "http://clamd:3310", "a b:1", "clamd:3310/x", "./sock"]
)
def test_an_address_that_is_none_is_refused_when_the_settings_are_read(address):
    with pytest.raises(ValidationError):
        ClamdSettings(address=address)


@pytest.mark.parametrize("address", ["", "clamd:3310", "10.0.0.1:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_an_address_is_a_host_with_its_port_or_a_path(address):
    assert ClamdSettings(address=address).address == address


def test_the_doctor_says_whether_it_answers(deserted):
    assert of_scanner().mark == WORTH_KNOWING
    with scanning():
        assert of_scanner().mark == GOOD
        assert "ClamAV 1.4.6" in of_scanner().sentence
    with scanning(b"220 mail.example.com"):
        assert of_scanner().mark == BAD
    with environment(JIDI_CLAMD_ADDRESS=deserted):
        assert "没有应答" in of_scanner().sentence
        assert "一律不予接收" in of_scanner().remedy
