"""From a typed context to a page: what is escaped, kept, said and refused on the way."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import psycopg
import pytest
import time_machine
from jinja2 import UndefinedError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core import errors, logging
from core.i18n import language
from pages import filters, rendering
from pages.navigation import ROOMS, Menu, navigation
from pages.rendering import error_page, local_path, page, redirect, static
from tests.unit.pages.gallery import Person, application, ask, context, filled

HOUSE = Path(rendering.__file__).parent.parent
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def request(path="/", query="", person=None, **headers):
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "scheme": "http",
        "server": ("jidi.test", 80),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "state": {"person": person},
    }
    return Request(scope)


class Outline(HTMLParser):
    """The ids, the references to them and the addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.wanted, self.addresses, self.inline = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in {"for", "aria-describedby", "aria-labelledby"}:
                self.wanted.extend(value.split())
            if name in {"href", "src", "action"}:
                self.addresses.append(value)
            if name == "style" or name.startswith("on") or (tag == "script" and not dict(attrs).get("src")):
                self.inline.append((tag, name))


@pytest.fixture
def everything():
    return page(request("/kit"), "kit/gallery.html", context(filled())).body.decode()


def test_what_people_typed_is_shown_and_never_run(everything):
    assert "&lt;b&gt;请&lt;/b&gt;补充" in everything
    assert "<b>请" not in everything


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(everything):
    outline = Outline(everything)
    assert outline.inline == []
    assert [address for address in outline.addresses if not address.startswith(("/", "#"))] == []


def test_every_label_and_description_finds_its_field_and_no_id_is_given_twice(everything):
    outline = Outline(everything)
    assert set(outline.wanted) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_stylesheets_name_only_files_of_the_house():
    for sheet in (HOUSE / "pages/static").glob("*.css"):
        for address in re.findall(r"url\(\"?([^)\"]+)", sheet.read_text()):
            assert (HOUSE / "pages" / address.removeprefix("/")).is_file(), f"{sheet.name}: {address}"


def test_vendored_files_are_what_the_manifest_says():
    for entry in json.loads((HOUSE / "pages/static/vendor/manifest.json").read_text()):
        assert sha256((HOUSE / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["name"]


def test_a_static_address_carries_the_contents_digest():
    digest = sha256((HOUSE / "pages/static/app.js").read_bytes()).hexdigest()[:10]
    assert static("app.js") == f"/static/app.js?v={digest}"


def test_a_missing_name_is_an_error_and_not_an_empty_place():
    with pytest.raises(UndefinedError):
        page(request(), "kit/gallery.html", {})


def test_a_context_is_a_dataclass_or_a_mapping():
    @dataclass(frozen=True)
    class Refusal:
        status: int
        title: str
        sentence: str
        advice: str
        faults: tuple[str, ...] = ()
        changed: tuple[str, ...] = ()
        sign_in: str = ""
        number: str = ""

    shown = page(request(), "errors/error.html", Refusal(404, "没有", "没有这一页。", "请返回。"), status=404)
    assert shown.status_code == 404
    assert "没有这一页。" in shown.body.decode()
    with pytest.raises(TypeError, match="not str"):
        page(request(), "errors/error.html", "text")


@pytest.mark.parametrize(
    ("query", "headers", "expected"),
    [
        ("", {}, "zh-Hans"),
        ("", {"accept_language": "en-GB,en;q=0.8"}, "en"),
        ("", {"accept_language": "zh-CN,en;q=0.8"}, "zh-Hans"),
        ("", {"accept_language": "en", "cookie": "language=zh"}, "zh-Hans"),
        ("lang=en", {"cookie": "language=zh"}, "en"),
        ("lang=xx", {}, "zh-Hans"),
    ],
)
def test_the_language_is_asked_of_the_address_then_the_cookie_then_the_browser(query, headers, expected):
    shown = error_page(request("/", query, **headers), errors.NotFound()).body.decode()
    assert f'<html lang="{expected}">' in shown
    assert language.get() == "zh"


def test_a_notice_is_shown_once_on_the_page_after_the_act():
    app = application(Person())
    accepted = ask(app, "POST", "/kit", data={"csrf": "a-token", "people": "520"})
    assert (accepted.status_code, accepted.headers["location"]) == (303, "/kit")
    cookie = accepted.cookies["notice"]
    shown = ask(app, "GET", "/kit", headers={"cookie": f"notice={cookie}"})
    assert "已提交：520" in shown.text
    assert 'notice=""; expires=' in shown.headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["nonsense", ".", "WyJ4IiwiZ29vZCJd.0000", "é.é", "a.b.c"])
def test_a_notice_that_we_did_not_sign_is_not_shown(cookie):
    shown = page(request(cookie=f"notice={cookie}"), "kit/gallery.html", context(filled()))
    assert shown.status_code == 200
    assert 'role="status"' not in shown.body.decode()


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a\r\nSet-Cookie: x"]
)
def test_a_redirect_stays_in_the_house(to):
    with pytest.raises(ValueError, match="stay in the house"):
        redirect(request(), to)
    assert local_path(to, "/inbox") == "/inbox"


def test_a_signed_in_page_is_not_kept_by_the_browser():
    assert error_page(request(person=Person()), errors.NotFound()).headers["cache-control"] == "no-store"


def test_without_a_database_people_are_told_to_come_back_and_which_number_to_give():
    trouble = OperationalError("SELECT secret", {}, psycopg.OperationalError("10.0.0.5 refused"))
    with logging.about(request_id="2gdh-hbyh-5cgq"):
        shown = error_page(request("/calls"), trouble)
        refused = error_page(request("/calls"), errors.NotFound())
    assert shown.status_code == 503
    assert "<code>2gdh-hbyh-5cgq</code>" in shown.body.decode()
    assert "10.0.0.5" not in shown.body.decode()
    assert "2gdh" not in refused.body.decode()


def refusals(kind=errors.JidiError):
    return [kind, *(deeper for direct in kind.__subclasses__() for deeper in refusals(direct))]


LEADS_ELSEWHERE = {
    errors.PasswordUnchanged: "/account#password",
    errors.SecondFactorOwed: "/account/second-factor",
}
WITH_A_PAGE = [k for k in refusals() if k.__module__ == "core.errors" and k not in LEADS_ELSEWHERE]


@pytest.mark.parametrize(("kind", "where"), LEADS_ELSEWHERE.items())
def test_what_must_be_done_first_leads_to_where_it_is_done(kind, where):
    led = error_page(request("/cases/7"), kind())
    assert (led.status_code, led.headers["location"]) == (303, where)


@pytest.mark.parametrize("kind", WITH_A_PAGE)
def test_every_refusal_has_a_page_with_its_status_and_what_to_do_next(kind):
    values = dict.fromkeys(re.findall(r"{(\w+)}", kind.message), "某值") | (
        {"minutes": 3} if kind.status == 429 else {}
    )
    shown = error_page(request("/cases/7", "tab=papers"), kind(**values))
    text = shown.body.decode()
    assert shown.status_code == kind.status
    assert kind.title in text
    assert kind(**values).sentence() in text
    assert rendering.ADVICE.get(kind.status, rendering.ADVICE_OTHERWISE) in text


def test_the_page_for_those_who_must_sign_in_leads_back():
    shown = error_page(request("/cases/7", "tab=papers"), errors.NotSignedIn()).body.decode()
    assert 'href="/sign-in?next=%2Fcases%2F7%3Ftab%3Dpapers"' in shown


def test_faults_and_changed_fields_are_listed():
    faults = [errors.Fault("a", "甲有误"), errors.Fault("b", "乙有误")]
    text = error_page(request(), errors.Invalid(faults=faults)).body.decode()
    assert "甲有误" in text
    assert "乙有误" in text
    assert "培训人数" in error_page(request(), errors.Stale(changed=["培训人数"])).body.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [(HTTPException(404), 404), (HTTPException(405), 405), (HTTPException(400), 400), (RuntimeError("secret"), 500)],
)
def test_other_errors_have_a_page_that_tells_nothing_of_the_inside(error, status):
    shown = error_page(request(), error)
    assert shown.status_code == status
    assert "secret" not in shown.body.decode()


def test_here_changes_this_pages_query_and_nothing_else():
    here = rendering._here(request("/office/cases", "sort=due_on&after=x&q=%E6%B0%B4"))
    assert here(after=None) == "/office/cases?sort=due_on&q=%E6%B0%B4"
    assert here(sort="-due_on", after=None, q="") == "/office/cases?sort=-due_on"


def test_navigation_shows_the_rooms_of_ones_roles_and_where_one_is():
    public = ["/", "/calls", "/publicity", "/announcements", "/register", "/verify", "/caught-letters"]
    assert [link.href for link in navigation((), "/")] == public
    office = navigation({"office"}, "/office/cases/7", {"/inbox": 2})
    assert [one.title for one in office if one.current] == ["申报一览"]
    assert next(one.count for one in office if one.title == "待办") == 2
    assert "/operator/stalled" not in [link.href for link in every(office)]


def test_many_rooms_are_folded_into_menus_that_say_where_one_is_and_how_much_waits():
    office = navigation({"office"}, "/office/objections/3", {"/office/objections": 2, "/office/publicity": 1})
    assert len(office) <= 11
    menu = next(one for one in office if one.title == "审定与公布")
    assert isinstance(menu, Menu)
    assert (menu.current, menu.count) == (True, 3)
    assert [link.href for link in menu.links if link.current] == ["/office/objections"]
    assert sorted(link.href for link in every(office)) == sorted(
        room.href for room in ROOMS if room.is_open_to(frozenset({"office"}))
    )
    assert not any(isinstance(one, Menu) for one in navigation({"applicant"}, "/")), "few rooms stand side by side"
    everything = navigation({role for room in ROOMS for role in room.roles}, "/")
    assert all(len(one.links) > 1 for one in everything if isinstance(one, Menu)), "a menu of one would only hide it"


def every(navigated):
    """The links side by side and in menus."""
    return [link for one in navigated for link in (one.links if isinstance(one, Menu) else [one])]


def test_how_days_and_spans_are_shown():
    with time_machine.travel(NOON, tick=False):
        assert filters.day(date(2026, 3, 4)) == "2026年3月4日"
        assert filters.day(datetime(2026, 3, 4, 17, 0, tzinfo=UTC)) == "2026年3月5日"
        assert filters.moment(NOON) == "2026-11-24 12:00"
        assert filters.iso(NOON) == "2026-11-24T12:00+08:00"
        assert [filters.due(date(2026, 11, d)) for d in (22, 24, 27)] == ["已逾期 2 天", "今天到期", "还有 3 天"]
        assert [filters.ago(NOON - timedelta(seconds=s)) for s in (5, 120, 7200, 172800)] == [
            "刚刚",
            "2 分钟前",
            "2 小时前",
            "2 天前",
        ]
        assert [filters.size(n) for n in (1, 839_680, 3_565_158)] == ["1 KB", "820 KB", "3.4 MB"]
        assert filters.count(12600) == "12,600"
        nothing = [show(None) for show in (filters.day, filters.moment, filters.due, filters.ago, filters.size)]
        assert set(nothing) == {"—"}
        token = language.set("en")
        assert filters.day(date(2026, 11, 24)) == "24 Nov 2026"
        assert filters.due(date(2026, 11, 22)) == "2 d overdue"
        language.reset(token)
