"""The log of the real web process: what it must not say, and the number by which a request is found in it."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from casework.demonstration import PASSWORD
from core.embedded.supervision import Supervisor
from core.security import legible
from terminal import machine
from tests import cast
from tests.conftest import environment, execute
from tests.factories import a_pdf
from tests.machinery import until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HERE = "127.0.0.1"
SECRETS = {
    "web secret": "key-that-signs-everything", "former secret": "key-that-signed-before",
    "mail password": "post-office-pass-phrase", "database password": "database-pass-phrase",
    "provider secret": "provider-pass-phrase",
}  # fmt: skip
TYPED = {
    "password": "wrong pass phrase 77", "new password": "a good long pass phrase 78", "email": "lisi.geren@example.com",
    "unknown email": "wangwu.geren@example.com", "name": "李四隐名示例",
    "link": "link-from-a-letter-0123456789abcdef", "file": "李四隐名示例身份证.pdf",
}  # fmt: skip


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs") / "web.log"


@pytest.fixture(scope="module")
def web(postgres_url: str, template: str, log: Path) -> Iterator[httpx.Client]:
    """Run `jidi web` as on a real server; whoever is on this machine is its proxy."""
    name = f"logs_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = postgres_url.format(database=name)
    user, at, rest = url.removeprefix("postgresql://").partition("@")
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    serious = environment(
        JIDI_EMBEDDED="false", JIDI_HOME=str(log.parent), JIDI_WEB_PORT=str(port), JIDI_WEB_SECOND_FACTOR="[]",
        JIDI_DATABASE_URL=f"postgresql://{user.partition(':')[0]}:{SECRETS['database password']}{at}{rest}",
        JIDI_WEB_PUBLIC_URL="http://jidi.test", JIDI_WEB_SECRET=SECRETS["web secret"], JIDI_MAIL_HOST="",
        JIDI_WEB_FORMER_SECRETS=json.dumps([SECRETS["former secret"]]), JIDI_WEB_PROXIES=f'["{HERE}"]',
        JIDI_MAIL_PASSWORD=SECRETS["mail password"], JIDI_OIDC_CLIENT_SECRET=SECRETS["provider secret"],
        JIDI_ENGINE_API_URL=f"http://{HERE}:9/api", JIDI_WEB_RATE_LIMITS="false",
    )  # fmt: skip
    with serious, Supervisor(log.parent, lambda _: None) as supervisor:
        supervisor.start(machine.web())
        no_more = httpx.Limits(max_keepalive_connections=0)  # an error of ours ends its connection
        with httpx.Client(base_url=f"http://{HERE}:{port}", trust_env=False, timeout=60, limits=no_more) as client:
            yield client
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def broken(web: httpx.Client, postgres_url: str) -> None:
    """Have the database refuse new accounts, quoting them, and lose the table of calls."""
    del web
    name = newest(postgres_url)
    with psycopg.connect(postgres_url.format(database=name), autocommit=True) as connection:
        connection.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                           " 'refused' USING DETAIL = NEW::text; END $$")  # fmt: skip
        connection.execute("CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()")
        connection.execute("ALTER TABLE calls RENAME TO lost_calls")


def newest(postgres_url: str) -> str:
    with psycopg.connect(postgres_url.format(database="postgres")) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'logs_%' ORDER BY oid DESC")
        return str(found.fetchall()[0][0])


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n"]


def about(log: Path, number: str) -> list[dict[str, Any]]:
    """Return the lines of a request once it is over, which is a moment after its answer has come."""
    until(lambda: any(one.get("request_id") == number and one["event"] == "request" for one in lines(log)))
    return [line for line in lines(log) if line.get("request_id") == number]


def signed_in(web: httpx.Client) -> str:
    answer = web.post("/api/v1/sign-in", json={"email": cast.APPLICANT, "password": PASSWORD, "name": "a program"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def test_every_answer_has_a_number_and_the_log_finds_it(web: httpx.Client, log: Path) -> None:
    answers = [web.get("/"), web.get("/nowhere"), web.get("/api/v1/me"), web.post("/sign-in", data={"email": "x"})]
    numbers = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(numbers)) == 4
    found = [about(log, number)[-1] for number in numbers]
    assert [(line["method"], line["route"], line["status"]) for line in found] == [
        ("GET", "/", 200), ("GET", "", 404), ("GET", "/api/v1/me", 401), ("POST", "/sign-in", 422),
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["0f8fad5b-d9cb-469f-a165-70867728950e", "abcd.EF_gh-12"])
def test_a_number_that_our_proxy_gives_is_taken_over(given: str, web: httpx.Client, log: Path) -> None:
    assert web.get("/", headers={"X-Request-ID": given}).headers["x-request-id"] == given
    assert about(log, given)


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g", "abcdefgh\tevent=forged", "<script>alert</script>"]
)
def test_a_number_that_is_none_is_not(given: str, web: httpx.Client) -> None:
    number = web.get("/", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert number != given
    assert len(number) == len(legible(3))


def test_a_line_names_the_case_it_is_about(web: httpx.Client, log: Path) -> None:
    answer = web.get("/api/v1/cases/JD-2026-0001", headers={"Authorization": f"Bearer {signed_in(web)}"})
    (line,) = about(log, answer.headers["x-request-id"])
    assert (line["case"], line["route"]) == ("JD-2026-0001", "/api/v1/cases/{reference}")


@pytest.mark.usefixtures("broken")
def test_a_clerk_can_tell_the_number_of_an_error_of_ours(web: httpx.Client, log: Path) -> None:
    page, problem = web.get("/"), web.get("/api/v1/calls")
    number = page.headers["x-request-id"]
    assert page.status_code == problem.status_code == 500
    assert f"联系时请报问题编号：<code>{number}</code>" in page.text
    assert problem.json()["request_id"] == problem.headers["x-request-id"]
    assert "UndefinedTable" not in page.text + problem.text
    told = about(log, number)
    assert any("UndefinedTable" in line.get("exception", "") for line in told), told
    assert {"level", "event", "timestamp"} <= set(told[0])


@pytest.mark.usefixtures("broken")
def test_no_line_says_what_is_secret_or_personal(web: httpx.Client, log: Path) -> None:
    token, cookie = signed_in(web), web.post("/sign-in", data={"email": cast.AUDITOR, "password": PASSWORD})
    session = cookie.cookies["jidi"]
    bearer = {"Authorization": f"Bearer {token}"}
    web.cookies.clear()
    application = {"email": TYPED["email"], "password": TYPED["password"]}
    web.post("/sign-in", data=application)
    web.post("/api/v1/sign-in", json=application)
    web.post("/forgotten", data={"email": TYPED["unknown email"]})
    web.post("/forgotten", data={"email": cast.APPLICANT})
    for path in ("/invited/", "/reset/", "/password/", "/objections/"):
        web.get(path + TYPED["link"])
    sign_up = {
        "organisation": "汉江示例培训学院", "credit_code": "52420000500000004W", "area_code": "420100",
        "name": TYPED["name"], "email": TYPED["email"], "password": TYPED["new password"],
        "again": TYPED["new password"],
    }  # fmt: skip
    assert web.post("/sign-up", data=sign_up).status_code == 500
    web.put(f"/api/v1/applications/{uuid4()}/attachments/x", files={"file": (TYPED["file"], a_pdf())}, headers=bearer)
    assert web.get("/", headers={"Cookie": f"jidi={session}"}).status_code == 500
    assert web.get("/api/v1/calls", headers=bearer).status_code == 500
    text = log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "DETAIL" in text, "the database quoted the row"
    planted = SECRETS | TYPED | {"token": token, "cookie": session, "right": PASSWORD, "applicant": cast.APPLICANT}
    assert {name for name, value in planted.items() if value in text} == set()
