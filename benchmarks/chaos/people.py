"""The people of the random run: they act over HTTP, wait for nothing but their duties, and insist on an answer."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from benchmarks.load.scene import Player, account, applicants, player
from core.clock import today
from core.db import transaction
from core.settings import settings
from regulation.roles import Duty
from terminal.play import ITEMS
from tests import cast

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 0.5
APPROVED = {"outcome": "approved", "reasons": "符合规定条件。"}
OPINION = {"score": 88, "recommendation": "pass", "opinion": "材料齐全，条件具备。"}
FINDINGS = {key: {"declared": told, "found": seen, "matches": True} for key, (told, seen) in ITEMS.items()}
PANEL, TEAM = (cast.CHAIR, *cast.EXPERTS), cast.INSPECTORS
ACTING = (cast.RECOMMENDER, cast.OFFICE, *PANEL, cast.INSPECTORS[0], cast.DECIDER)


@dataclass
class Heard:
    """What people noticed of it all: how often they had to ask again, how long they waited, what was refused."""

    again: int = 0
    longest: float = 0
    refused: list[str] = field(default_factory=list)
    filed: list[str] = field(default_factory=list)


@dataclass
class Insisting:
    """Somebody with a token who sends a request until it is answered, always with the same key."""

    token: str
    heard: Heard

    def __post_init__(self) -> None:
        """Take up a connection."""
        headers = {"Authorization": f"Bearer {self.token}"}
        self._http = httpx.Client(base_url=settings().public_url, headers=headers, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        """Stay for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._http.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        """Send a request until the website answers; note an answer that is not what was wanted."""
        began = time.monotonic()
        for attempt in itertools.count():
            answer = self._once(method, path, **more)
            if answer is not None and not answer.is_server_error:
                break
            self.heard.again += 1
            if attempt and not attempt % 240:
                self.heard.refused.append(f"{method} {path}: no answer in {time.monotonic() - began:.0f} s")
            time.sleep(AGAIN_SECONDS)
        self.heard.longest = max(self.heard.longest, time.monotonic() - began)
        if answer.is_error:
            self.heard.refused.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _once(self, method: str, path: str, **more: Any) -> httpx.Response | None:  # noqa: ANN401
        try:
            return self._http.request(method, path, **more)
        except httpx.TransportError:
            return None


@dataclass
class Clerk:
    """Somebody of the cast who does every duty there is to do, favourably."""

    me: Insisting
    members: dict[Duty, list[str]]
    done: set[str] = field(default_factory=set)

    def until(self, over: threading.Event) -> None:
        """Look for duties and do them, until it is over."""
        with self.me:
            while not over.wait(LOOK_SECONDS):
                for duty in self.duties():
                    self.do(duty)

    def duties(self) -> list[dict[str, Any]]:
        """Return what has still to be done."""
        answers = [self.me.ask("GET", f"/api/v1/assignments?list={where}&limit=200") for where in ("inbox", "queue")]
        return [one for answer in answers if answer.is_success for one in answer.json()["items"]]

    def do(self, duty: dict[str, Any]) -> None:
        """Do one duty, once: the request has its key, however often it is sent."""
        if duty["id"] not in self.done:
            self.me.ask(
                "POST", duty["act"], json=self.said(duty["duty"]["key"]), headers={"Idempotency-Key": duty["id"]}
            )
            self.done.add(duty["id"])

    def said(self, duty: str) -> dict[str, Any]:
        """Return what is said in fulfilling a duty."""
        if duty in self.members:
            return {"members": self.members[Duty(duty)], "leader": self.members[Duty(duty)][0]}
        if duty == Duty.REVIEW:
            return OPINION
        if duty == Duty.INSPECT:
            seen = {
                "visited_on": today().isoformat(),
                "summary": "听取汇报，查阅材料，实地察看。",
                "findings": FINDINGS,
            }
            return {**APPROVED, **seen}
        return APPROVED


@dataclass
class Office:
    """Everybody: the institutions with their drafts, and those who act on what they file."""

    drafts: Sequence[Player]
    clerks: list[Clerk]
    heard: Heard

    @contextmanager
    def working(self, seconds: float) -> Iterator[None]:
        """Have all of them at work; the drafts are filed one after the other in so many seconds."""
        over = threading.Event()
        deeds: list[Callable[[], None]] = [lambda: self.file(seconds / len(self.drafts), over)]
        deeds += [lambda clerk=clerk: clerk.until(over) for clerk in self.clerks]
        threads = [threading.Thread(target=deed) for deed in deeds]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def file(self, pause: float, over: threading.Event) -> None:
        """File every draft in its turn."""
        began = time.monotonic()
        for number, draft in enumerate(self.drafts):
            if over.wait(max(0.0, began + number * pause - time.monotonic())):
                return
            path = f"/api/v1/applications/{draft.application}"
            with Insisting(draft.token, self.heard) as applicant:
                seen = applicant.ask("GET", path).headers.get("etag", "")
                sent = {"If-Match": seen, "Idempotency-Key": draft.application}
                answer = applicant.ask("POST", f"{path}/submission", headers=sent)
            if answer.is_success:
                self.heard.filed.append(answer.json()["case"])


def gather(cases: int, say: Callable[[str], None]) -> Office:
    """Enter so many institutions with a complete draft each, and give everybody who acts a token."""
    heard = Heard()
    drafts = list(applicants(cases, say))
    with transaction() as session:
        ids = {email: str(account(session, email).id) for email in (*PANEL, *TEAM)}
        members = {
            Duty.ASSEMBLE_PANEL: [ids[email] for email in PANEL],
            Duty.ASSEMBLE_TEAM: [ids[email] for email in TEAM],
        }
        clerks = [Clerk(Insisting(player(session, account(session, email)).token, heard), members) for email in ACTING]
    return Office(drafts, clerks, heard)
