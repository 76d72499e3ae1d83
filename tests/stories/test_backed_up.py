"""A backup under load, restored elsewhere: everything is there, and what waited goes on to its end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import func, select

from casework.trust.seals import seal
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.files import path_of
from core.settings import settings
from models.application import Submission
from models.case import Case
from terminal.backup import MANIFEST, back_up, connected, counts
from terminal.restoring import restore
from terminal.verify import verify
from tests.conftest import environment, execute
from tests.factories import another_institution
from tests.stories.telling import Story, an_application


@contextmanager
def people_at_work() -> Iterator[Event]:
    """Three people who file one application after the other until they are told to stop; the event is a first one."""
    stop, first, failed = Event(), Event(), list[BaseException]()

    def work() -> None:
        try:
            while not stop.is_set():
                with transaction() as session:
                    email = another_institution(session)
                    application = an_application(session, email)
                Story(application, applicant=email).submits()
                first.set()
        except BaseException as error:
            failed.append(error)
            first.set()
            raise

    people = [Thread(target=work) for _ in range(3)]
    for one in people:
        one.start()
    try:
        yield first
    finally:
        stop.set()
        for one in people:
            one.join()
    assert failed == []


@pytest.fixture
def elsewhere(postgres_url, tmp_path) -> Iterator[dict[str, str]]:
    """The address of a database that is not there yet, and of a home that is empty."""
    name = f"restored_{uuid4().hex[:8]}"
    yield {"JIDI_DATABASE_URL": postgres_url.format(database=name), "JIDI_HOME": str(tmp_path / "elsewhere")}
    execute(postgres_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def cases() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def test_a_backup_under_load_is_restored_elsewhere_and_work_goes_on(opened_at, elsewhere, tmp_path, capsys):
    story = opened_at("site inspection")
    with transaction() as session:
        seal(session)
    with people_at_work() as first:
        assert first.wait(60)
        before = cases()
        manifest = back_up(tmp_path / "backup", print)
        while cases() <= manifest.tables["cases"]:  # somebody files another one: there was work all the time
            pass
        after = cases()
    assert before <= manifest.tables["cases"] < after
    with environment(**elsewhere):
        assert restore(tmp_path / "backup", print)
        with connected(settings().database.url) as connection:
            assert counts(connection) == manifest.tables
        assert cases() == manifest.tables["cases"]
        restored = replace(story)
        assert restored.turn() == "Awaiting site inspection"
        restored.goes_on_to_publication()
        assert restored.state == "Certified"
        assert verify(print, [manifest.seal])
    assert "恢复已完成" in capsys.readouterr().out
    assert story.turn() == "Awaiting site inspection"


@pytest.fixture
def backup(opened_at, tmp_path) -> Path:
    opened_at("expert review")
    back_up(tmp_path / "backup", print)
    return tmp_path / "backup"


def test_a_backup_overwrites_nothing(backup):
    held = (backup / MANIFEST).read_bytes()
    with pytest.raises(Conflict):
        back_up(backup, print)
    assert (backup / MANIFEST).read_bytes() == held


def test_nothing_is_restored_over_what_is_there(backup, elsewhere):
    with pytest.raises(Conflict):
        restore(backup, print)
    with environment(**{**elsewhere, "JIDI_DATABASE_URL": settings().database.url}), pytest.raises(Conflict):
        restore(backup, print)


@pytest.mark.parametrize("what", ["database.dump", "a file"])
def test_a_damaged_backup_is_not_restored(what, backup, elsewhere):
    file = backup / what if what == "database.dump" else next((backup / "files").glob("*/*/*"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with environment(**elsewhere):
        with pytest.raises(Conflict):
            restore(backup, print)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(settings().database.url)


def test_a_backup_that_was_not_finished_is_none(backup, elsewhere):
    (backup / MANIFEST).unlink()
    with environment(**elsewhere), pytest.raises(Invalid):
        restore(backup, print)


def test_a_row_that_was_put_into_the_dump_is_noticed(backup, elsewhere):
    file = backup / MANIFEST
    told = json.loads(file.read_text(encoding="utf-8"))
    told["tables"]["journal"] -= 1
    file.write_text(json.dumps(told), encoding="utf-8")
    with environment(**elsewhere), pytest.raises(Exception, match="journal"):
        restore(backup, print)


def test_a_damaged_file_of_the_store_is_told_and_does_not_spoil_the_backup(opened_at, elsewhere, tmp_path, capsys):
    opened_at("expert review")
    with reading() as session:
        sha256 = session.exec(select(Submission.documents)).first()[0]["sha256"]
    content = path_of(sha256).read_bytes()
    path_of(sha256).write_bytes(b"spoilt")
    try:
        back_up(tmp_path / "backup", print)
    finally:
        path_of(sha256).write_bytes(content)
    assert sha256 in capsys.readouterr().out
    with environment(**elsewhere):
        assert not restore(tmp_path / "backup", print)
    assert f"引用的文件缺失或已损坏：documents {sha256}" in capsys.readouterr().out


@pytest.mark.usefixtures("backup")
def test_the_password_is_in_no_list_of_processes(tmp_path, monkeypatch):
    """The program that is asked gets the password from its environment; here it says what it was given."""
    said = tmp_path / "said"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {said}\necho "$PGPASSWORD" >> {said}\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr("core.dumps.BINARIES", tmp_path)
    url = make_url(settings().database.url).set(password="secret words")
    with (
        environment(JIDI_DATABASE_URL=url.render_as_string(hide_password=False)),
        pytest.raises(Exception, match="pg_dump"),
    ):
        back_up(tmp_path / "second", print)
    command, secret = said.read_text().splitlines()
    assert (secret, "secret" in command) == ("secret words", False)
