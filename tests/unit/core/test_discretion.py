"""What a line of the log must not say is taken out of it, and nothing else is."""

import io
import logging

import pytest

from core.discretion import DiscreetRecord, discreet, without_secrets
from tests.conftest import environment

UUID = "0f8fad5b-d9cb-469f-a165-708677289501"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("postgresql+psycopg://jidi:s3cret-word@db:5432/jidi", "postgresql+psycopg://jidi:…@db:5432/jidi"),
        ("Authorization: Bearer abc.def-ghi_jkl", "Authorization: Bearer …"),
        ("sent Bearer abc.def-ghi_jkl", "sent Bearer …"),
        ("a token jidi_AbCdEf0123456789AbCdEf", "a token …"),
        ("Cookie: jidi=abcdefghijklmnop; language=zh", "Cookie: jidi=…; language=zh"),
        ("set __Host-jidi=abcdefghijklmnop", "set __Host-jidi=…"),
        ("{'password': 'a b c', 'code': 7}", "{'password': …, 'code': 7}"),
        ("password=hunter2&email=x", "password=…&email=x"),
        ("client_secret=abc", "client_secret=…"),
        ("DETAIL:  Key (email)=(a@b.example) already exists.", "DETAIL: …"),
        ("[SQL: SELECT 1]\n[parameters: {'name': '王芳'}]", "[SQL: SELECT 1]\n[parameters: …]"),
        ("Input should be valid [type=x, input_value='王芳', input_type=str]", None),
        ("550 no such user wang.fang@mail.example.com", "550 no such user …@mail.example.com"),
        ("call 13912345678 now", "call … now"),
        ("42010119900101123X", "…"),
    ],
)
def test_what_must_not_be_said_is_taken_out(said, left):
    heard = without_secrets(said)
    assert heard == (left if left is not None else "Input should be valid [type=x, input_value=…, input_type=str]")


@pytest.mark.parametrize(
    "said", ["bell not heard", f"run {UUID}", "JD-2026-0001 2026-11-28T19:00:00Z", "ms=139123456789"]
)
def test_what_may_be_said_stays(said):
    assert without_secrets(said) == said


def test_the_secrets_of_this_installation_are_known_by_heart():
    with environment(
        JIDI_WEB_SECRET="alpha-alpha", JIDI_MAIL_PASSWORD="bravo-bravo", JIDI_OIDC_CLIENT_SECRET="charlie-charlie",
        JIDI_WEB_FORMER_SECRETS='["delta-delta"]', JIDI_DATABASE_URL="postgresql://jidi:echo%20echo@db/jidi",
    ):  # fmt: skip
        heard = without_secrets("alpha-alpha bravo-bravo charlie-charlie delta-delta echo echo foxtrot")
    assert heard == "… … … … … foxtrot"


def test_a_line_is_looked_at_whole_and_keeps_its_figures():
    line = {"event": "x", "status": 500, "ms": 1.5, "ok": True, "of": None, "error": ValueError("password=abc")}
    assert discreet(None, "", line) == line | {"error": "password=…"}


def test_a_line_of_a_library_is_discreet_in_a_handler_that_is_not_ours():
    written = io.StringIO()
    library = logging.getLogger("a.library")
    library.setLevel(logging.INFO)
    library.propagate = False
    library.addHandler(logging.StreamHandler(written))
    library.handlers[0].setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(DiscreetRecord)
    try:
        library.info("asked for %s by %s", "wang.fang@mail.example.com", 13)
        refused = ValueError("refused\nDETAIL:  Failing row contains (王芳, 13912345678).")
        library.error("not entered", exc_info=refused)
        library.info("100% of nothing")
    finally:
        logging.setLogRecordFactory(before)
    first, second, *trace, last = written.getvalue().splitlines()
    assert (first, last) == ("INFO asked for …@mail.example.com by 13", "INFO 100% of nothing")
    assert second == "ERROR not entered"
    assert trace == ["ValueError: refused", "DETAIL: …"]
