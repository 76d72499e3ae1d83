"""`jidi account`: from an empty production database to somebody who can sign in."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner

from casework.people import roles_of
from casework.sign_ins import sign_in
from cli import app
from core.clock import now
from core.db import reading, transaction
from core.schema import migrate
from models.journal import JournalEntry
from models.organisation import Organisation
from models.person import User
from regulation.areas import AREAS, DEPARTMENTS
from regulation.roles import Role
from terminal.doctor import BAD, GOOD, of_accounts
from terminal.managing import OPEN_ONE
from tests.conftest import environment, execute

PASSWORD = "chang-mima-2026"
EMAIL, NAME = "zhou@example.com", "周敏示例"


@pytest.fixture
def empty(postgres_url: str) -> Iterator[None]:
    """Give an empty database with the newest schema."""
    name = f"empty_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    with environment(JIDI_DATABASE_URL=postgres_url.format(database=name)):
        migrate()
        yield
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def account(*asked: str, typed: str = f"{PASSWORD}\n", email: str = EMAIL, name: str = NAME):
    return CliRunner().invoke(app, ["account", email, name, *asked], input=typed)


@pytest.mark.usefixtures("empty")
def test_the_first_administrator_and_the_bodies_are_entered_once():
    done = account("--password-stdin")
    assert (done.exit_code, done.stdout) == (0, f"已开通账号 {EMAIL}（系统管理员），可以登录网站。\n")
    assert account("--role", "operator", "--password-stdin", email="wu@example.com").exit_code == 0
    with transaction() as session:
        assert sign_in(session, EMAIL, PASSWORD).token
    with reading() as session:
        officer = session.exec(select(User).where(User.email == EMAIL)).one()
        assert roles_of(session, officer.id) == {Role.ADMINISTRATOR}
        assert not officer.initial_password
        bodies = session.exec(select(func.count()).select_from(Organisation)).one()
        assert bodies == 1 + len(AREAS) + len(DEPARTMENTS)
        assert list(session.exec(select(JournalEntry.act))) == ["account-opened"] * 2


@pytest.mark.usefixtures("empty")
def test_the_password_is_asked_twice_and_not_shown():
    done = account(typed=f"{PASSWORD}\nanother\n{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.stdout
    with transaction() as session:
        assert sign_in(session, EMAIL, PASSWORD).token


@pytest.mark.usefixtures("empty")
def test_everything_that_is_wrong_is_told_and_nothing_is_entered():
    refused = account("--password-stdin", typed="kurz\n", email="nobody", name="周")
    assert refused.exit_code == 1
    assert refused.stderr == "请填写有效的邮箱地址。密码至少 10 个字符。请填写姓名（2 至 50 字）。\n"
    assert account("--role", "expert", "--password-stdin").exit_code == 2
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Organisation)).one() == 0
    assert account("--password-stdin").exit_code == 0
    assert account("--password-stdin", email=EMAIL.upper()).stderr == "该邮箱已有账号。\n"


@pytest.mark.usefixtures("empty")
def test_an_installation_that_nobody_manages_is_told_what_to_run_until_somebody_does():
    told = CliRunner().invoke(app, ["migrate"])
    assert told.exit_code == 0
    assert "! 没有人管理账号" in told.stdout
    assert "请运行 jidi account 邮箱 姓名" in told.stdout
    assert (of_accounts().mark, of_accounts().remedy) == (BAD, OPEN_ONE)
    account("--role", "office", "--password-stdin", email="jijiaoban@example.com")
    assert of_accounts().mark == BAD, "the office manages none"
    account("--password-stdin")
    assert (of_accounts().mark, of_accounts().sentence) == (GOOD, f"系统管理员：{NAME}")
    assert "管理账号" not in CliRunner().invoke(app, ["migrate"]).stdout
    with transaction() as session:
        session.exec(select(User).where(User.email == EMAIL)).one().closed_at = now()
    assert of_accounts().mark == BAD, "whose account is closed manages nothing"


def test_a_database_without_tables_is_told_in_a_sentence(postgres_url):
    name = f"bare_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    with environment(JIDI_DATABASE_URL=postgres_url.format(database=name)):
        refused = account("--password-stdin")
        assert refused.exit_code == 1
        assert "jidi migrate" in refused.stderr
        assert "Traceback" not in refused.stderr
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")
