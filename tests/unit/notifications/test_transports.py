"""What became of a letter is known exactly: every way an SMTP dialogue can end, with real servers."""

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.catcher import Catcher, caught
from core.settings import MailSettings
from notifications import transports
from notifications.composing import compose
from notifications.transports import Refused, SmtpTransport, Uncertain, Unreachable
from tests.unit.notifications.samples import a_message
from tests.unit.notifications.servers import HANG_UP, HOST, SILENCE, catcher, scripted, smtpd

pytestmark = pytest.mark.enable_socket
RECIPIENT = "reader@example.com"


def a_letter() -> EmailMessage:
    message = a_message()
    message.subject, message.text, message.html = "题目", "正文\n.\n.. 两点\n", "<p>正文</p>"
    return compose(message, MailSettings())


def post(port: int, *recipients: str, **settings: object) -> list[str]:
    """Send a letter to each recipient over one transport; return the server's answers."""

    async def go() -> list[str]:
        transport = SmtpTransport(MailSettings(**{"host": HOST, "port": port, "timeout_seconds": 5} | settings))
        try:
            return [await transport.send(a_letter(), recipient) for recipient in recipients or [RECIPIENT]]
        finally:
            await transport.close()

    return asyncio.run(go())


def greet(port: int, **settings: object) -> str:
    return asyncio.run(SmtpTransport(MailSettings(host=HOST, port=port, **settings)).greet())


def test_a_letter_arrives_whole(tmp_path):
    with catcher(tmp_path) as port:
        assert post(port) == ["kept"]
    (letter,) = caught(tmp_path)
    assert (letter.sender, letter.recipient, letter.subject) == ("jidi@example.com", RECIPIENT, "题目")
    assert letter.text.splitlines() == ["正文", ".", ".. 两点"]


def test_a_connection_is_kept_for_the_next_letter_and_ended_politely():
    with scripted() as (port, server):
        assert post(port, "a@example.com", "b@example.com") == ["kept as A1", "kept as A1"]
    assert server.connections == 1
    assert server.words() == ["EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("ending", [HANG_UP, "421 enough for one connection"])
def test_a_server_that_has_had_enough_of_a_connection_gets_a_new_one(ending):
    with scripted(MAIL=["250 ok", ending]) as (port, server):
        assert post(port, "a@example.com", "b@example.com") == ["kept as A1", "kept as A1"]
    assert server.connections == 2
    assert len(server.letters) == 2


def test_a_server_that_falls_silent_is_waited_for_once():
    with scripted(MAIL=["250 ok", SILENCE]) as (port, server), pytest.raises(Unreachable):
        post(port, "a@example.com", "b@example.com", timeout_seconds=0.4)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("script", "permanent", "words"),
    [
        ({"RCPT": ["550 5.1.1 no such user"]}, True, "550 5.1.1 no such user"),
        ({"RCPT": ["450 4.2.0 greylisted"]}, False, "450 4.2.0 greylisted"),
        ({"RCPT": ["421 closing"]}, False, "421 closing"),
        ({"DATA": ["554 no valid recipients"]}, True, "554 no valid recipients"),
        ({"dot": ["451 try later"]}, False, "451 try later"),
        ({"dot": ["552-too large\r\n552 really"]}, True, "552 too large\nreally"),
        ({"dot": ["550 spam"], "QUIT": [SILENCE]}, True, "550 spam"),
    ],
)
def test_what_the_server_refuses_has_certainly_not_arrived(script, permanent, words, monkeypatch):
    monkeypatch.setattr(transports, "FAREWELL_SECONDS", 0.1)
    with scripted(**script) as (port, _), pytest.raises(Refused) as refusal:
        post(port)
    assert refusal.value.permanent is permanent
    assert str(refusal.value) == words


def test_after_a_refusal_the_next_letter_goes_its_way():
    async def go(port: int) -> str:
        transport = SmtpTransport(MailSettings(host=HOST, port=port))
        with pytest.raises(Refused):
            await transport.send(a_letter(), "nobody@example.com")
        answer = await transport.send(a_letter(), RECIPIENT)
        await transport.close()
        return answer

    with scripted(RCPT=["550 no such user"]) as (port, server):
        assert asyncio.run(go(port)) == "kept as A1"
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": ["554 go away"]},
        {"greeting": [HANG_UP]},
        {"greeting": [SILENCE]},
        {"greeting": ["HTTP/1.1 400 Bad Request"]},
        {"MAIL": ["550 5.7.1 you may not send as this sender"]},
        {"MAIL": ["530 authentication required"]},
        {"MAIL": [SILENCE]},
        {"RCPT": [HANG_UP]},
        {"RCPT": ["what?"]},
    ],
    ids=str,
)
def test_trouble_before_the_letter_is_handed_over_is_the_servers(script):
    with scripted(**script) as (port, server), pytest.raises(Unreachable):
        post(port, timeout_seconds=0.4)
    assert server.letters == []


def test_nobody_listens():
    with scripted() as (port, _):
        pass
    with pytest.raises(Unreachable, match=str(port)):
        post(port)


@pytest.mark.parametrize(
    "script",
    [{"dot": [HANG_UP]}, {"dot": [SILENCE]}, {"dot": ["garbage"]}, {"dot": [b"250-kept\r\n"]}, {"dot": ["150 hm"]}],
    ids=str,
)
def test_no_clear_answer_to_a_letter_leaves_its_fate_open(script):
    with scripted(**script) as (port, server), pytest.raises(Uncertain):
        post(port, timeout_seconds=0.4)
    assert len(server.letters) == 1


def test_a_slow_greeting_takes_nothing_from_the_time_of_the_letter(monkeypatch):
    """The server may take the whole patience before the letter, and again after it."""
    with scripted() as (port, server):
        usual = server.answer

        async def slowly(command, writer):
            if command in {"greeting", "."}:
                await asyncio.sleep(0.35)
            return await usual(command, writer)

        monkeypatch.setattr(server, "answer", slowly)
        assert post(port, timeout_seconds=0.6) == ["kept as A1"]


def test_an_address_beyond_ascii_goes_to_servers_that_take_it(tmp_path):
    with catcher(tmp_path) as port:
        assert post(port, "张三@example.com") == ["kept"]
    assert caught(tmp_path)[0].recipient == "张三@example.com"
    with scripted() as (port, server), pytest.raises(Refused, match="SMTPUTF8") as refusal:
        post(port, "张三@example.com")
    assert refusal.value.permanent
    assert "MAIL" not in server.words()


@pytest.mark.parametrize(
    "recipient", ["a@example.com>\r\nRCPT TO:<evil@example.com", "a@example.com> SIZE=1 <b", "a b@c"]
)
def test_a_recipient_cannot_bring_commands_along(recipient):
    with scripted() as (port, server), suppress(Unreachable):
        post(port, recipient)
    assert [line for line in server.heard if line.startswith("RCPT")] in ([], ["RCPT TO:<a@example.com>"])
    assert not any("evil" in line or "SIZE=1" in line for line in server.heard)


# With certificates and passwords


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate that signs itself, for 127.0.0.1, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server for tests")])
    begins = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begins, begins + timedelta(9)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    file.write_bytes(signed.public_bytes(encoding) + key.private_bytes(encoding, kind, serialization.NoEncryption()))
    return file


@pytest.fixture
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(b"jidi", b"right")
    return AuthResult(success=right, handled=right)


def test_starttls_and_sign_in(tmp_path, certificate, server_side, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def make() -> SMTP:
        return SMTP(
            Catcher(tmp_path),
            hostname="localhost",
            tls_context=server_side,
            require_starttls=True,
            authenticator=check,
            auth_required=True,
        )

    with smtpd(make) as port:
        assert post(port, security="starttls", username="jidi", password="right") == ["kept"]
        with pytest.raises(Unreachable, match="535"):
            post(port, security="starttls", username="jidi", password="wrong")
        with pytest.raises(Unreachable, match="530"):
            post(port)
        assert greet(port, security="starttls", username="jidi", password="wrong")
    assert len(caught(tmp_path)) == 1


def test_tls_from_the_first_byte(tmp_path, certificate, server_side, monkeypatch):
    def make() -> SMTP:
        return SMTP(Catcher(tmp_path), hostname="localhost")

    with smtpd(make, ssl=server_side) as port:
        with pytest.raises(Unreachable, match="self-signed certificate"):
            post(port, security="tls")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert post(port, "a@example.com", "b@example.com", security="tls") == ["kept", "kept"]
        with pytest.raises(Unreachable, match="not valid for 'localhost'"):
            post(port, security="tls", host="localhost")
    assert len(caught(tmp_path)) == 2


def test_a_certificate_nobody_vouches_for_ends_starttls(tmp_path, server_side):
    def make() -> SMTP:
        return SMTP(Catcher(tmp_path), hostname="localhost", tls_context=server_side)

    with smtpd(make) as port, pytest.raises(Unreachable, match="self-signed certificate"):
        post(port, security="starttls")
    assert caught(tmp_path) == []


def test_nothing_goes_in_clear_where_starttls_was_asked_for():
    with scripted() as (port, server), pytest.raises(Unreachable, match="STARTTLS"):
        post(port, security="starttls", username="jidi", password="right")
    assert set(server.words()) <= {"EHLO", "QUIT"}


# Readiness


def test_a_greeting_is_a_sign_of_life():
    with scripted() as (port, server):
        assert "scripted" in greet(port)
    assert server.words() == ["EHLO", "QUIT"]


@pytest.mark.parametrize("words", ["554 closed", HANG_UP, SILENCE])
def test_no_greeting_is_none(words, monkeypatch):
    monkeypatch.setattr(transports, "GREETING_SECONDS", 0.3)
    with scripted(greeting=[words]) as (port, _), pytest.raises(Unreachable):
        greet(port)
