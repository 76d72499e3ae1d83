"""The embedded mode's letter box: read by everybody there, and nowhere else."""

import re
from email.message import EmailMessage

import pytest

from core.catcher import keep
from core.settings import settings
from pages.caught_letters import pieces
from tests.conftest import environment
from tests.unit.pages.visitor import Visitor

ROOM = "/caught-letters"
ELSEWHERE = {
    "JIDI_EMBEDDED": "false",
    "JIDI_WEB_SECRET": "a-real-secret",
    "JIDI_WEB_PUBLIC_URL": "https://jidi.example.com",
}


def arrived(subject, text, html="", *, to="wang@example.com", sender="jidi@example.com"):
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = subject, sender, to
    letter["Message-ID"] = f"<{abs(hash((subject, to)))}@example.com>"
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    assert keep(settings().home, sender, to, letter.as_bytes())


@pytest.fixture
def visitor(database):
    del database
    return Visitor()


def opened(visitor):
    address = re.search(rf'href="({ROOM}/[0-9a-f]+)"', visitor.get(ROOM).text)
    return visitor.get(address[1])


def test_an_empty_box_says_so(visitor):
    page = visitor.get(ROOM)
    assert page.status_code == 200
    assert "还没有函件" in page.text
    assert f'<a href="{ROOM}" aria-current="page">函件收存</a>' in page.text


def test_letters_are_listed_the_newest_first_and_by_recipient(visitor):
    for number in range(70):
        arrived(f"第{number}封", "正文", to=f"reader{number % 7}@example.com")
    titles = re.findall(r"第(\d+)封", visitor.get(ROOM).text)
    assert [int(title) for title in titles] == list(range(70))[::-1]
    page = visitor.get(f"{ROOM}?to=reader3@example.com")
    assert {int(title) % 7 for title in re.findall(r"第(\d+)封", page.text)} == {3}
    assert "reader3@example.com（10）" in page.text
    assert "没有这位收件人的函件" in visitor.get(f"{ROOM}?to=nobody").text


def test_links_to_our_own_pages_can_be_followed_and_no_others(visitor):
    home = settings().public_url
    arrived("题", f"前往 {home}/duties/7?a=1&b=2。\n骗子 http://evil.example/{home}/x {home}.evil.example/y")
    page = opened(visitor)
    links = re.findall(r'<a href="(http[^"]+)"', page.text)
    assert links == [f"{home}/duties/7?a=1&amp;b=2"]
    assert "http://evil.example/" in page.text


def test_what_came_is_shown_and_never_run(visitor):
    arrived("<b>题</b>", "<script>alert(1)</script>", "<h1>页</h1><script>alert(2)</script>", sender="<x>@example.com")
    page = opened(visitor)
    for said in ("&lt;b&gt;题&lt;/b&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;h1&gt;页&lt;/h1&gt;"):
        assert said in page.text
    for never in ("<script>alert", "<h1>页", "<b>题"):
        assert never not in page.text


def test_a_letter_without_a_subject_or_a_text_can_be_opened(visitor):
    arrived("", "")
    assert "（无主题）" in opened(visitor).text


@pytest.mark.parametrize("unknown", ["x", "0" * 24, "%2e%2e%2fetc", "%00", "x" * 500])
def test_an_unknown_letter_is_not_found(visitor, unknown):
    assert visitor.get(f"{ROOM}/{unknown}").status_code == 404


def test_where_letters_really_leave_there_is_no_such_room(database):
    with environment(JIDI_DATABASE_URL=database, **ELSEWHERE):
        arrived("题", "正文")
        visitor = Visitor()
        assert visitor.get(ROOM).status_code == 404
        assert visitor.get(f"{ROOM}/{'0' * 24}").status_code == 404
        assert ROOM not in visitor.get("/").text


def test_pieces_put_together_are_the_text(database):
    del database
    home = settings().public_url
    text = f"{home} {home}/a（{home}/b）\n({home}/c). {home}?q=1 x"
    cut = pieces(text)
    assert "".join(piece for piece, _ in cut) == text
    assert [href for _, href in cut if href] == [home, f"{home}/a", f"{home}/b", f"{home}/c", f"{home}?q=1"]


def test_the_box_speaks_english(visitor):
    arrived("Subject", "text")
    visitor.headers["Accept-Language"] = "en"
    assert "Caught letters" in visitor.get(ROOM).text
    assert "Source" not in opened(visitor).text
