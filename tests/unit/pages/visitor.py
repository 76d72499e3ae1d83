"""Somebody at a browser without JavaScript: keeps cookies, follows links, fills in the forms that are on the page."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import event
from starlette.exceptions import HTTPException

from casework.demonstration import PASSWORD
from core import db
from core.errors import JidiError
from pages.language import SpeakTheirLanguage
from pages.rendering import error_page
from pages.router import router

HERE = "http://jidi.test"


def house() -> FastAPI:
    """Return the pages as an application of their own."""
    app = FastAPI()
    app.include_router(router)
    app.add_middleware(SpeakTheirLanguage)
    for kind in (JidiError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, error_page)
    return app


@dataclass
class Blank:
    """One form of a page as a browser would send it: names and values, and its buttons."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """What can be filled in."""
        return {name for name, _ in self.values} | set(self.choices)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return next((value for known, value in self.values if known == name), "")


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Blank] = []
        self.inside: Blank | None = None
        self.select = ""
        self.area: tuple[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Blank(given["action"], given.get("method", "get"))
            self.found.append(self.inside)
        form, name = self.inside, given.get("name", "")
        if form is None or (not name and tag != "option"):
            return
        if tag == "input":
            self.take_input(form, name, given, chosen="checked" in [known for known, _ in attrs])
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "textarea":
            self.area = (name, "")
        elif tag == "select":
            self.select = name
            form.choices[name] = []
            form.values.append((name, ""))
        elif tag == "option" and self.select:
            form.choices[self.select].append(given["value"])
            if "selected" in given:
                form.values[-1] = (self.select, given["value"])

    def take_input(self, form: Blank, name: str, given: dict[str, str], *, chosen: bool) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(given["value"])
            if chosen:
                form.values.append((name, given["value"]))
        elif kind == "file":
            form.files.append(name)
        else:
            form.values.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area = (self.area[0], self.area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area and self.inside:
            name, text = self.area
            self.inside.values.append((name, text.removeprefix("\n")))
            self.area = None
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = None


class Visitor:
    """One browser."""

    def __init__(self, **headers: str) -> None:
        self.app = house()
        self.headers = headers
        self.cookies = httpx.Cookies()
        self.page = httpx.Response(200)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request and remember the cookies."""

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            headers = self.headers | more.pop("headers", {})
            async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=headers, **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(sent())

    def get(self, path: str, *, follow: bool = True) -> httpx.Response:
        """Open a page."""
        self.page = self.send("GET", path)
        while follow and self.page.has_redirect_location:
            self.page = self.send("GET", self.page.headers["location"].partition("#")[0])
        return self.page

    def form(self, action: str = "", *, with_value: tuple[str, str] | None = None) -> Blank:
        """Return the form of the page that goes to an address, or holds a value."""
        for form in Forms(self.page.text).found:
            here = form.method == "post" and action in {"", form.action.partition("?")[0]}
            if here and (with_value is None or with_value in form.values):
                return form
        message = f"no form to {action!r} with {with_value}"
        raise AssertionError(message)

    def submit(
        self,
        form: Blank,
        typed: dict[str, Any] | None = None,
        *,
        button: tuple[str, str] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
        follow: bool = True,
    ) -> httpx.Response:
        """Fill in a form of the page and press a button; only what is on the page can be typed into."""
        given = dict(typed or {})
        assert set(given) <= form.names, f"not on the page: {set(given) - form.names}"
        assert button is None or button in form.buttons, f"no such button: {button}"
        assert set(files or {}) <= set(form.files)
        sent: dict[str, list[str]] = {}
        for name, value in form.values:
            if name not in given:
                sent.setdefault(name, []).append(value)
        for name, value in given.items():
            sent[name] = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        if button:
            sent.setdefault(button[0], []).append(button[1])
        more = {"files": {name: (f[0], f[1], "application/pdf") for name, f in files.items()}} if files else {}
        self.page = self.send("POST", form.action, data=sent, **more)
        if follow and self.page.has_redirect_location:
            self.get(self.page.headers["location"].partition("#")[0])
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        """Sign in through the form."""
        self.get("/sign-in")
        self.submit(self.form("/sign-in"), {"email": email, "password": password})
        return self


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
