"""The e-mail of a letter: its headers are ours alone, its bytes are ASCII and always the same."""

from contextlib import suppress
from datetime import timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from core.settings import MailSettings
from notifications.composing import compose, refuse_other_headers
from notifications.rendering import render
from tests.unit.notifications.samples import a_message

OURS = [
    "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
    "Content-Type", "Content-Language",
]  # fmt: skip
PAYLOADS = [
    "\r\nBcc: everyone@example.com",
    "\nBcc: everyone@example.com",
    "\rBcc: everyone@example.com",
    "甲\r\n\r\n<h1>另一封信</h1>",
    "甲\r\n.\r\nMAIL FROM:<evil@example.com>",
    "甲\u2028Bcc: everyone@example.com\u2029\x85\x0b\x0c\x1c",
    "=?utf-8?q?=0D=0ABcc:_everyone@example.com?=",
    "=?utf-8?b?DQpCY2M6IGV2ZXJ5b25lQGV4YW1wbGUuY29tDQoNCmhlbGxv?=",
    "=\u200b?utf-8?q?=0D=0ABcc:_everyone@example.com?=\u200b",
    "甲 =?us-ascii?q?=0A?= =?us-ascii?q?Bcc:_everyone@example.com?=",
    '", "everyone" <everyone@example.com>, "',
    "甲 <everyone@example.com>",
    "甲" * 400,
    "",
]


def sent(message, **settings: str) -> EmailMessage:
    """Return the e-mail as a receiving server reads it."""
    content = compose(message, MailSettings(**settings)).as_bytes()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    return BytesParser(policy=policy.default).parsebytes(content)


def rendered(**others: object):
    message = a_message(**others)
    words = render(message.letter, message.locale, message.facts)
    message.subject, message.text, message.html = words.subject, words.text, words.html
    return message


def test_what_was_written_arrives():
    message = rendered()
    arrived = sent(message)
    assert arrived["Subject"] == message.subject
    assert arrived["From"].addresses[0].display_name == "湖北省继续教育基地管理系统"
    assert arrived["To"].addresses[0].addr_spec == "reader1@example.com"
    assert arrived["Message-ID"] == message.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Date"].datetime == message.posted_at
    assert arrived["Date"].datetime.utcoffset() == timedelta(hours=8)
    assert arrived.get_body(["plain"]).get_content().splitlines() == message.text.splitlines()
    assert arrived.get_body(["html"]).get_content().splitlines() == message.html.splitlines()


def test_a_letter_that_would_write_another_header_is_refused():
    letter = compose(rendered(), MailSettings())
    letter["Comments"] = "=?utf-8?q?=0D=0ABcc:_everyone@example.com?="
    with suppress(ValueError, MessageError):  # some Pythons see it themselves, and some do not write it at all
        refuse_other_headers(letter)
        assert "Bcc" not in BytesParser().parsebytes(letter.as_bytes())


def test_the_same_letter_is_the_same_to_the_last_byte():
    assert compose(rendered(), MailSettings()).as_bytes() == compose(rendered(), MailSettings()).as_bytes()


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("where", ["subject", "recipient", "text", "html", "sender_name"])
def test_nothing_that_people_write_becomes_a_header_or_a_recipient(where, payload):
    message = rendered()
    settings = {"sender_name": payload} if where == "sender_name" else {}
    if not settings:
        setattr(message, where, payload)
    arrived = sent(message, **settings)
    assert arrived.keys() == OURS
    assert [address.addr_spec for address in arrived["To"].addresses] == ["reader1@example.com"]
    assert [address.addr_spec for address in arrived["From"].addresses] == ["jidi@example.com"]
    assert len(list(arrived.iter_parts())) == 2


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a@b.example>", "a b@c.example"],
)
def test_what_is_no_address_makes_no_letter(address):
    with pytest.raises(ValueError, match=r".+"):
        compose(rendered(address=address), MailSettings())


def test_a_long_domain_leaves_the_message_id_whole():
    message = rendered()
    message.message_id = f"<{message.id}@{'post.' * 20}hubei.example.com>"
    assert sent(message)["Message-ID"] == message.message_id


def test_an_address_beyond_ascii_is_kept_for_servers_that_take_it():
    letter = compose(rendered(address="张三@例子.example"), MailSettings())
    assert "张三@例子.example".encode() in letter.as_bytes(policy=policy.SMTPUTF8)
