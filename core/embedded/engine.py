"""Prefect's own server: how it is started on one machine, and what is asked of it over HTTP."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.embedded.children import Service
from core.embedded.ports import responds
from core.i18n import marked

NAME = marked("流程引擎（Prefect）")
HINT = marked("首次启动要建立数据表，约需 10–20 秒")


def address_of(url: str) -> tuple[str, int]:
    """Return host and port of the engine's address."""
    address = urlsplit(url)
    return address.hostname or "127.0.0.1", address.port or 4200


def client_environment(home: Path, api_url: str) -> dict[str, str]:
    """Return what every process that talks to the engine needs: where it is, and that nobody else is told anything."""
    return {
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(home.resolve() / "prefect"),
        "PREFECT_PROFILES_PATH": str(home.resolve() / "prefect" / "profiles.toml"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }


def server(home: Path, api_url: str, database: str) -> Service:
    """Describe Prefect's server; `database` is an asyncpg address of a database that exists."""
    host, port = address_of(api_url)
    return Service(
        name=NAME,
        log="prefect",
        command=[sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)],
        env={**client_environment(home, api_url), **_server_environment(api_url, database)},
        ready=lambda: responds(f"{api_url}/health"),
        patience=180,
        hint=HINT,
        address=api_url.removesuffix("/api"),
    )


def _server_environment(api_url: str, database: str) -> Mapping[str, str]:
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_UI_API_URL": api_url,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # Nothing is ever paused here, and no automation is relied on: both services would only look for work in vain.
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        # The housekeeping runs alone are thousands a day.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }


def ensure_work_pool(api_url: str, name: str, kind: str) -> None:
    """Make the work pool unless it is there."""
    answer = httpx.post(f"{api_url}/work_pools/", json={"name": name, "type": kind}, timeout=10)
    if answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()


def workers_in(client: httpx.Client, work_pool: str) -> list[dict[str, Any]]:
    """Ask the engine for the pool's workers; raises httpx's errors."""
    answer = client.post(f"/work_pools/{work_pool}/workers/filter", json={})
    workers: list[dict[str, Any]] = answer.raise_for_status().json()
    return workers


def is_online(worker: dict[str, Any]) -> bool:
    """Whether a worker gave a sign of life lately."""
    return bool(worker["status"] == "ONLINE")


def live_workers(api_url: str, work_pool: str) -> set[str]:
    """Return the names of the pool's workers that gave a sign of life lately; none when the engine does not answer."""
    try:
        with httpx.Client(base_url=api_url, timeout=5) as client:
            return {worker["name"] for worker in workers_in(client, work_pool) if is_online(worker)}
    except httpx.HTTPError:
        return set()
