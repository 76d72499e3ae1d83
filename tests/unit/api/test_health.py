"""Whether the process lives, and whether everything it needs answers."""

import asyncio
import gc
import time
from threading import Event

import pytest
from sqlalchemy import text

from api import health
from app import create_app, settled
from core.db import transaction
from tests.conftest import environment
from tests.unit.api.program import Engine, Program


def test_the_process_lives_without_anything_else() -> None:
    assert Program().get("/healthz") == {"status": "ok"}


def test_what_is_made_at_the_start_is_left_out_of_the_collectors_rounds() -> None:
    async def serving() -> int:
        async with settled(create_app()):
            return gc.get_freeze_count()

    assert asyncio.run(serving()) > 10_000
    assert not gc.get_freeze_count()


def test_everything_answers(engine: Engine) -> None:
    del engine
    ready = Program().get("/readyz")
    assert ready["ready"] is True
    assert ready["checks"] == {name: {"ok": True, "error": ""} for name in ("database", "engine", "mail")}


def test_each_part_that_does_not_is_named(engine: Engine) -> None:
    del engine
    with environment(JIDI_MAIL_HOST="127.0.0.1", JIDI_MAIL_PORT="9", JIDI_ENGINE_API_URL="http://127.0.0.1:9/api"):
        answer = Program().send("GET", "/readyz", status=503).json()
    assert answer["ready"] is False
    assert answer["checks"]["database"]["ok"]
    assert answer["checks"]["engine"] == {"ok": False, "error": "does not answer"}
    assert answer["checks"]["mail"] == {"ok": False, "error": "does not answer"}


def test_a_schema_that_is_behind(engine: Engine) -> None:
    del engine
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    checks = Program().send("GET", "/readyz", status=503).json()["checks"]
    assert checks["database"] == {"ok": False, "error": "its schema is not the newest"}


def test_a_database_that_is_gone(engine: Engine) -> None:
    del engine
    with environment(JIDI_DATABASE_URL="postgresql://nobody:secret@/none?host=/nonexistent"):
        answer = Program().send("GET", "/readyz", status=503)
    assert answer.json()["checks"]["database"] == {"ok": False, "error": "does not answer"}
    assert "secret" not in answer.text


def test_a_part_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)
    released = Event()
    monkeypatch.setattr(health, "CHECKS", {"mail": released.wait})
    began = time.monotonic()
    checks = Program().send("GET", "/readyz", status=503).json()["checks"]
    released.set()
    assert time.monotonic() - began < 3
    assert checks["mail"] == {"ok": False, "error": "does not answer"}
