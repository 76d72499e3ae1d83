"""The people of the demonstration, acting over HTTP like anybody else's program."""

import time
from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from casework.demonstration import PASSWORD
from core.errors import Unavailable
from core.i18n import language, marked
from regulation.roles import Duty

Answer = TypeVar("Answer")

PATIENCE_SECONDS = 90
NO_DUTY = marked("“{duty}”在 {seconds} 秒内没有分派下来。请运行 jidi doctor 查看原因；已办的部分不会丢失。")
REFUSED = marked("演示未能继续：{sentence}")


class Actor:
    """One person with a token of their own, seen from the terminal."""

    def __init__(self, address: str, email: str) -> None:
        """Take where the house is and who acts there."""
        self.email = email
        self._http = httpx.Client(base_url=f"{address}/api/v1", timeout=30, headers={"Accept-Language": language.get()})

    def __enter__(self) -> Self:
        """Sign in."""
        account = {"email": self.email, "password": PASSWORD, "name": "jidi demo", "days": 30}
        self._http.headers["Authorization"] = f"Bearer {self.post('/sign-in', account)['token']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        self._http.close()

    @cached_property
    def title(self) -> str:
        """Name and organisation."""
        me = self.get("/me")
        return f"{me['name']}（{me['organisation']}）"

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - JSON
        """Read something."""
        return self._answer("GET", path, params=query).json()

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Read the first page of a list."""
        found: list[dict[str, Any]] = self.get(path, limit="200", **query)["items"]
        return found

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """Record something."""
        return self._answer("POST", path, json=body).json()

    def put(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """Keep something."""
        return self._answer("PUT", path, json=body).json()

    def attach(self, path: str, filename: str, content: bytes) -> None:
        """Attach a PDF."""
        self._answer("PUT", path, files={"file": (filename, content, "application/pdf")})

    def change(self, path: str, version: int, body: object) -> Any:  # noqa: ANN401 - JSON
        """Edit something of that version."""
        return self._answer("PATCH", path, json=body, headers={"If-Match": f'"{version}"'}).json()

    def submit(self, path: str, version: int) -> Any:  # noqa: ANN401 - JSON
        """File the application of that version."""
        return self._answer("POST", f"{path}/submission", headers={"If-Match": f'"{version}"'}).json()

    def duty(self, case: str, duty: Duty) -> dict[str, Any]:
        """Wait until the flow has given this person a duty in a case, and return it."""
        return awaited(lambda: self._given(case, duty), duty=duty.title)

    def _given(self, case: str, duty: Duty) -> dict[str, Any] | None:
        for where in ("inbox", "queue"):
            for given in self.items("/assignments", list=where):
                if given["case"] == case and given["duty"]["key"] == duty:
                    return given
        return None

    def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        answer = self._http.request(method, path.removeprefix("/api/v1"), **more)
        if answer.is_error:
            raise Unavailable(REFUSED, sentence=told(answer))
        return answer


def sign_up(address: str, account: dict[str, str]) -> bool:
    """Open an account on the page for it; says whether it was new."""
    form = {**account, "password": PASSWORD, "again": PASSWORD}
    return httpx.post(f"{address}/sign-up", data=form, timeout=30).status_code == httpx.codes.SEE_OTHER


def told(answer: httpx.Response) -> str:
    """Return what a problem document says, with every fault."""
    try:
        problem = answer.json()
    except ValueError:
        return f"{answer.status_code} {answer.reason_phrase}"
    faults = "；".join(f"{fault['pointer']} {fault['detail']}" for fault in problem.get("errors") or [])
    return f"{problem.get('detail', answer.status_code)} {faults}".strip()


def awaited(
    question: Callable[[], Answer | None], *, duty: str, patience: float = PATIENCE_SECONDS, pause: float = 0.1
) -> Answer:
    """Ask until there is an answer; `Unavailable` when none comes within so many seconds."""
    give_up = time.monotonic() + patience
    while (answer := question()) is None:
        if time.monotonic() > give_up:
            raise Unavailable(NO_DUTY, duty=duty, seconds=int(patience))
        time.sleep(pause)
    return answer
