"""The people of the closing day, as locust plays them; started by `benchmarks.load.closing`, never imported by it.

Pages are opened with a session's cookie, as a browser does; acts go through the JSON API with a token. Between two
things everybody reads or types for a while.
"""

import itertools
import json
import os
import random
from pathlib import Path

from locust import FastHttpUser, between, task

SCENE = json.loads(Path(os.environ["JIDI_LOAD_SCENE"]).read_text(encoding="utf-8"))
FILED = Path(os.environ["JIDI_LOAD_FILED"])
THINKING = float(os.environ["JIDI_LOAD_THINKING"])
"""Seconds between two things somebody does, on average."""
APPROVED = {"outcome": "approved", "reasons": "符合规定条件。"}
SECTIONS = ("basics", "faculty", "facilities")


class Somebody(FastHttpUser):
    """Whoever takes part."""

    abstract = True
    part = ""
    wait_time = between(THINKING / 2, THINKING * 1.5)
    connection_timeout = network_timeout = 60.0

    def __init_subclass__(cls) -> None:
        """Give every part its people, one after the other."""
        cls.turn = itertools.cycle(SCENE["players"].get(cls.part, [{}]))
        cls.fixed_count = len(SCENE["players"].get(cls.part, [])) or SCENE["outside"]

    def on_start(self) -> None:
        """Take one's place."""
        self.me = next(type(self).turn)

    def page(self, path: str, name: str = "") -> str:
        """Open a page as whoever one is."""
        headers = {"Cookie": f"jidi={self.me['cookie']}"} if self.me else {}
        with self.client.get(path, headers=headers, name=f"page {name or path}", catch_response=True) as answer:
            if answer.status_code == 200 and "/sign-in" not in (answer.url or ""):
                answer.success()
            else:
                answer.failure(f"{answer.status_code} {answer.url}")
            return answer.text or ""

    def act(self, method: str, path: str, name: str, fine: tuple[int, ...], body: object = None, **headers: str):  # noqa: ANN201
        """Do something; `fine` are the statuses that are no error."""
        sent = {"Authorization": f"Bearer {self.me['token']}", **headers}
        about = {"json": body, "headers": sent, "name": f"act {name}"}
        with self.client.request(method, f"/api/v1/{path}", **about, catch_response=True) as it:
            if it.status_code in fine:
                it.success()
            else:
                it.failure(f"{it.status_code} {(it.text or '')[:200]}")
            return it


class Applicant(Somebody):
    """Looks over the draft, changes a line, and files it in the end."""

    part = "applicant"
    filed = ""

    @task(4)
    def look_over(self) -> None:
        """Read the overview or a section; once it is filed, read where the case stands."""
        if self.filed:
            self.page(f"/cases/{self.filed}", "/cases/…")
            return
        here = f"/applications/{self.me['application']}"
        section = random.choice(("", *(f"/sections/{key}" for key in SECTIONS)))  # noqa: S311 - no secret
        self.page(here + section, "/applications/…" + section)

    @task(3)
    def type_on(self) -> None:
        """Change the draft, until it is filed."""
        if self.filed:
            return
        address = f"applications/{self.me['application']}"
        seen = self.act("GET", address, "read the draft", (200,)).headers.get("etag", "")
        text = f"示例继续教育基地{random.randrange(1000)}"  # noqa: S311
        self.act("PATCH", address, "save the draft", (200,), {"base_name": text}, **{"If-Match": seen})

    @task(1)
    def file(self) -> None:
        """File it, once; what was answered with a reference must never be lost."""
        if self.filed:
            return
        address = f"applications/{self.me['application']}"
        seen = self.act("GET", address, "read the draft", (200,)).headers.get("etag", "")
        key = {"Idempotency-Key": f"load-{self.me['application']}"}
        answer = self.act("POST", f"{address}/submission", "file the application", (201,), **{"If-Match": seen, **key})
        if answer.status_code == 201:
            self.filed = json.loads(answer.text)["case"]
            with FILED.open("a", encoding="utf-8") as lines:
                lines.write(self.filed + "\n")


class Recommender(Somebody):
    """Works through the inbox of the body, together with colleagues."""

    part = "recommender"

    @task(2)
    def look(self) -> None:
        """Open the inbox."""
        self.page("/inbox")

    @task(3)
    def recommend(self) -> None:
        """Open a case and recommend it; a colleague may have been quicker, and then one is told so."""
        found = json.loads(self.act("GET", "assignments?list=inbox", "list the inbox", (200,)).text or "{}")
        duties = [one for one in found.get("items", []) if one["duty"]["key"] == "recommend"]
        if duties:
            duty = random.choice(duties)  # noqa: S311
            self.page(f"/duties/{duty['id']}", "/duties/…")
            self.act("POST", f"assignments/{duty['id']}/decision", "recommend", (201, 409), APPROVED)


class Expert(Somebody):
    """Looks whether anything has come."""

    part = "expert"

    @task
    def look(self) -> None:
        """Open the inbox, or what is done."""
        self.page(random.choice(("/inbox", "/archive")))  # noqa: S311


class Office(Somebody):
    """Keeps an eye on everything."""

    part = "office"

    @task(3)
    def board(self) -> None:
        """Look at the board."""
        self.page("/office/board")

    @task(2)
    def table(self) -> None:
        """Look at the table, or search it."""
        query = random.choice(("", "?words=示例", "?stage=local-review", "?turn=recommender"))  # noqa: S311
        self.page("/office/cases" + query, "/office/cases…")


class Outside(Somebody):
    """Looks from outside."""

    @task(3)
    def look(self) -> None:
        """Open what is public."""
        self.page(random.choice(("/", "/calls", "/register", "/announcements", "/register/map")))  # noqa: S311

    @task(1)
    def search(self) -> None:
        """Search the register."""
        self.page("/register?words=示例", "/register?words=…")
