"""`make audit` believes a service that knows advisories, fails on what it finds, and says when it could not ask."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.security import audit

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PINNED = "segno==1.6.6 --hash=sha256:" + "0" * 64 + "\nh11==0.16.0 --hash=sha256:" + "1" * 64 + "\n"


def advisory(name: str, version: str) -> dict[str, object]:
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "versions": [version], "ranges": []}
    return {"id": "PYSEC-2026-1", "summary": "x", "modified": "2026-01-01T00:00:00Z", "affected": [affected]}


@contextmanager
def knowing(*bad: str, hangs: bool = False) -> Iterator[str]:
    """Have a service like OSV's that has advisories against these packages."""
    over = threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if hangs:
                over.wait(20)
            name = asked["package"]["name"]
            body = json.dumps({"vulns": [advisory(name, asked["version"])]} if name in bad else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        finally:
            over.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    lock = tmp_path / "requirements.lock"
    lock.write_text(PINNED)
    return lock


def test_a_known_vulnerability_fails_the_audit(lock, capfd):
    with knowing("jinja2", "h11") as address:
        assert audit.main({"osv": address}, lock) == 1
    assert "PYSEC-2026-1" in capfd.readouterr().out


def test_an_audit_that_finds_nothing_was_made(lock, capfd):
    with knowing("jinja2") as address:
        assert audit.main({"osv": address}, lock) == 0
    heard = capfd.readouterr()
    assert "No known vulnerabilities found" in heard.err
    assert "NOT AUDITED" not in heard.err


def test_a_service_that_knows_nothing_is_not_believed(lock, capfd):
    with knowing() as address:
        assert audit.main({"osv": address}, lock) == 0
    assert "NOT AUDITED" in capfd.readouterr().err


def test_a_service_that_does_not_answer_holds_up_nobody(lock, capfd, monkeypatch):
    monkeypatch.setattr(audit, "PATIENCE_SECONDS", 0.5)
    begun = time.monotonic()
    with knowing("jinja2", hangs=True) as address:
        services = {"osv": address, "another": "http://127.0.0.1:9/query"}
        assert audit.main(services, lock) == 0
    assert time.monotonic() - begun < 8
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert "NOT AUDITED" in told
    assert "another: ConnectError" in told
