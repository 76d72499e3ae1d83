"""Ports: which are free, and the sentence for one that is not."""

import errno
import socket
import time

import httpx

from core.errors import Conflict, Unavailable
from core.i18n import marked

TAKEN = marked("{name}需要的端口 {port} 已被其他程序占用。请停止那个程序，或用 {setting} 另选一个端口。")
REFUSED = marked("{name}无法监听 {host}:{port}（{reason}）。请用 {setting} 另选一个地址或端口。")


def require_free(address: tuple[str, int], *, name: str, setting: str, patience: float = 0) -> None:
    """Refuse an address that cannot be listened on, naming the setting that changes it.

    `patience` seconds are granted to processes of an earlier start that are still on their way out.
    """
    give_up = time.monotonic() + patience
    while obstacle := _obstacle(address):
        host, port = address
        if obstacle.errno != errno.EADDRINUSE:
            raise Unavailable(REFUSED, name=name, host=host, port=port, reason=str(obstacle.strerror), setting=setting)
        if time.monotonic() > give_up:
            raise Conflict(TAKEN, name=name, port=port, setting=setting)
        time.sleep(0.1)


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port nobody listens on."""
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])


def answers(host: str, port: int) -> bool:
    """Say whether somebody accepts a connection there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def responds(url: str) -> bool:
    """Say whether a web server answers there, and with a success."""
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def is_this_machine(host: str) -> bool:
    """Say whether a host is the machine we are on."""
    return host in {"127.0.0.1", "localhost", "::1"}


def _obstacle(address: tuple[str, int]) -> OSError | None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        with socket.create_server(address, family=family):
            return None
    except OSError as error:
        return error
