"""Prefect's own server: how it is started on one machine, and what is asked of it over HTTP."""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from core.embedded.children import Service
from core.i18n import marked

NAME = marked("流程引擎（Prefect）")
HINT = marked("首次启动要建立数据表，约需 10–20 秒")
LOCAL = {"127.0.0.1", "localhost", "::1"}


def is_local(url: str) -> bool:
    """Say whether this address is on this machine."""
    return urlsplit(url).hostname in LOCAL


def client_environment(home: Path, api_url: str) -> dict[str, str]:
    """Return what every process that talks to the engine needs: where it is, and that nothing is told to anybody else."""
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
    address = urlsplit(api_url)
    host, port = address.hostname or "127.0.0.1", address.port or 4200
    return Service(
        name=NAME,
        log="prefect",
        command=[sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)],
        env={**client_environment(home, api_url), **_server_environment(api_url, database)},
        ready=lambda: health(api_url),
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


def health(api_url: str) -> bool:
    """Say whether the engine answers."""
    try:
        return httpx.get(f"{api_url}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def ensure_work_pool(api_url: str, name: str, kind: str) -> None:
    """Make the work pool unless it is there."""
    answer = httpx.post(f"{api_url}/work_pools/", json={"name": name, "type": kind}, timeout=10)
    if answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()


def deployed_version(api_url: str, deployment: str) -> str | None:
    """Return the version of a deployment (`flow/name`), or None when there is no such deployment."""
    answer = httpx.get(f"{api_url}/deployments/name/{deployment}", timeout=10)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    return str(answer.raise_for_status().json().get("version") or "")


def has_live_worker(api_url: str, work_pool: str) -> bool:
    """Say whether a worker of the pool gave a sign of life lately."""
    answer = httpx.post(f"{api_url}/work_pools/{work_pool}/workers/filter", json={}, timeout=10)
    return answer.is_success and any(worker["status"] == "ONLINE" for worker in answer.json())
