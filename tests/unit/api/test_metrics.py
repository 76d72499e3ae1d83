"""`/metrics`: numbers that Prometheus reads, for who has the token or asks from this machine."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select

from core.clock import now
from core.db import transaction
from models.case import Case
from models.engine import Bell
from models.message import Message, MessageState
from tests.conftest import environment
from tests.stories.telling import Story
from tests.unit.api.program import HERE, Engine, house

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.enable_socket]


def asked(address: str = "127.0.0.1", **headers: str) -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(house(), client=(address, 4711), raise_app_exceptions=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            return await client.get("/metrics", headers=named)

    return asyncio.run(sent())


def read(answer: httpx.Response) -> dict[str, float]:
    assert answer.status_code == 200
    return {
        "".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_only_this_machine_without_a_token_and_nobody_through_a_proxy() -> None:
    assert asked().status_code == asked("::1").status_code == 200
    for refused in (
        asked("10.1.2.3"),
        asked("testclient"),
        asked(X_Forwarded_For="10.1.2.3"),
        asked(Forwarded="for=x"),
    ):
        assert refused.status_code == 403
        assert refused.json()["code"] == "not-permitted"
    with environment(JIDI_WEB_PROXIES='["127.0.0.1/32"]'):
        assert asked(X_Forwarded_For="10.1.2.3").status_code == 403
        assert asked(X_Forwarded_For="127.0.0.1").status_code == 200


def test_with_a_token_it_alone_opens() -> None:
    with environment(JIDI_WEB_METRICS_TOKEN="a-long-token"):
        assert asked().status_code == 401
        assert asked(Authorization="Bearer another").status_code == 401
        assert asked("10.1.2.3", Authorization="Bearer a-long-token").status_code == 200


def test_what_waits_is_counted_with_its_age_and_nobody_is_named(story: Story, engine: Engine) -> None:
    del engine
    story.submits()
    with transaction() as session:
        case = session.exec(select(Case)).one()
        case.stalled_at = now() - timedelta(hours=2)
        session.add(Bell(case_id=case.id, reason="reviewed", created_at=now() - timedelta(minutes=5)))
        letters = session.exec(select(Message).order_by(Message.key)).all()
        letters[0].state, letters[0].posted_at = MessageState.UNKNOWN, now() - timedelta(days=1)
        reference, names = case.reference, {letter.recipient for letter in letters}
    answer = asked()
    told = read(answer)
    assert told["jidi_database_up"] == told["jidi_cases_open"] == told["jidi_cases_stalled"] == 1
    assert 7200 <= told["jidi_cases_stalled_oldest_seconds"] < 7300
    assert told["jidi_bells_unanswered"] == 1
    assert 300 <= told["jidi_bells_unanswered_oldest_seconds"] < 400
    assert told["jidi_lettersunknown"] == 1
    assert told["jidi_letters_oldest_secondsunknown"] >= 86400
    assert told["jidi_lettersdue"] == len(letters) - 1
    assert told["jidi_database_bytesjidi"] > 10**6
    assert 0 < told["jidi_disk_free_bytes"] <= told["jidi_disk_bytes"]
    assert reference not in answer.text
    assert not [name for name in names if name in answer.text]


def test_what_does_not_answer_is_told_as_zero_and_nothing_hangs() -> None:
    with environment(JIDI_ENGINE_API_URL="http://127.0.0.1:9/api"):
        told = read(asked())
    assert told["jidi_engine_up"] == 0
    assert told["jidi_engine_silent_seconds"] >= 0
    assert "jidi_workers_online" not in told
    with environment(JIDI_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none"):
        told = read(asked())
    assert told["jidi_database_up"] == 0
    assert "jidi_cases_open" not in told
