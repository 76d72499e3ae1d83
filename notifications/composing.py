"""From a posted letter to the e-mail itself: headers, text and HTML; the same row always gives the same bytes."""

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser

from core.clock import local
from core.security import SEALED, unseal
from core.settings import MailSettings
from models.message import Message
from notifications.wording import one_line

SEALED_TOKEN = re.compile(SEALED.format(r"([A-Za-z0-9_=-]+)"))
SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")
"""Chinese travels encoded, so no server on the way needs to know more than ASCII."""


def compose(message: Message, mail: MailSettings) -> EmailMessage:
    """Return the e-mail of a rendered letter; ValueError when an address is none.

    Repeated, it has the same date, boundary and Message-ID, so a receiving server may recognise it.
    """
    letter = EmailMessage(policy=SEVEN_BIT)
    letter["Subject"] = in_a_header(message.subject)
    letter["From"] = mailbox(mail.sender_name, mail.sender)
    letter["To"] = mailbox(message.recipient, message.address)
    letter["Date"] = local(message.posted_at)
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(opened(message.text))
    letter.add_alternative(opened(message.html), subtype="html")
    letter.set_boundary(f"jidi-{message.id.hex}")
    attach(letter, message)
    letter["Content-Language"] = "en, zh" if message.locale == "en" else "zh, en"
    refuse_other_headers(letter)
    return letter


def opened(text: str) -> str:
    """Return a text with its sealed tokens opened: they stand in clear in the e-mail alone, never in our record."""
    return SEALED_TOKEN.sub(lambda found: unseal("link", found[1]), text)


def attach(letter: EmailMessage, message: Message) -> None:
    """Add the files among the letter's facts: texts that were written when it was posted, such as a calendar entry."""
    for file in message.facts.get("attachments", ()):
        letter.add_attachment(
            file["text"],
            subtype=file["subtype"],
            cte="base64",
            filename=file["name"],
            params={"method": file["method"]},
        )
        letter.set_boundary(f"jidi-{message.id.hex}-with-files")


def mailbox(name: str, address: str) -> Address:
    """Return a name with its address; one beyond ASCII is taken apart by hand, the standard parser knows none."""
    user, _, domain = address.rpartition("@")
    if not user or not domain:
        message = f"not an address: {address!r}"
        raise ValueError(message)
    if address.isascii():
        return Address(in_a_header(name), addr_spec=address)
    return Address(in_a_header(name), username=user, domain=domain)


def in_a_header(text: str) -> str:
    """Return what people wrote so that a header shows it and does nothing else.

    The standard library refuses line breaks, but decodes `=?utf-8?q?=0D=0ABcc:…?=` and then writes the line break
    that was in it: such encoded words must not look like ones.
    """
    return one_line(text).replace("=?", "= ?")


def refuse_other_headers(letter: EmailMessage) -> None:
    """Raise ValueError unless the written letter has the headers it was given, and no other."""
    written = BytesHeaderParser().parsebytes(letter.as_bytes()).keys()
    if written != letter.keys():
        message = f"these headers would be written: {written}"
        raise ValueError(message)
