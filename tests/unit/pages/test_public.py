"""What everybody may see: the home page, the calls with their rules, and where the rules come from."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from babel.messages.pofile import read_po
from sqlmodel import select

from casework.demonstration import POLICY
from core import clock
from core.db import transaction
from core.i18n import LOCALES, catalogue, language
from models.application import Call
from pages import public
from pages.public_sources import cited, numeral
from regulation.definition import stages_under
from regulation.sourced import SourcedPolicy
from tests import cast
from tests.unit.pages.visitor import Visitor

HERE = Path(public.__file__).parent


@pytest.fixture
def visitor(database):
    del database
    return Visitor()


def text_of(page):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize(
    ("number", "written"), [(4, "四"), (10, "十"), (15, "十五"), (20, "二十"), (32, "三十二"), (0, "零")]
)
def test_articles_are_counted_in_chinese(number, written):
    assert numeral(number) == written


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("Art. 4(4)", "依据第四条第（四）项", "Art. 4(4)"),
        ("Art. 5(1)-(3)", "依据第五条第（一）项至第（三）项", "Art. 5(1)-(3)"),
        ("Art. 5(4), 15", "依据第五条第（四）项、第十五条", "Art. 5(4), 15"),
        ("assumed", "暂定", "Assumed"),
        (
            "行政许可法 Art. 32 (model)",
            "参照《行政许可法》第三十二条",
            "After Art. 32 of the Administrative Licensing Law",
        ),
        ("GB 32100-2015", "GB 32100-2015", "GB 32100-2015"),
    ],
)
def test_a_rule_says_where_it_comes_from(source, chinese, english):
    assert cited(source) == chinese
    token = language.set("en")
    try:
        assert cited(source) == english
    finally:
        language.reset(token)


def test_the_home_page_tells_the_six_stages_who_acts_and_how_long(visitor):
    told = text_of(visitor.get("/"))
    places = [told.index(f" {n} {stage.title} ") for n, stage in enumerate(stages_under(POLICY), 1)]
    assert places == sorted(places)
    assert "18 个工作日（暂定）" in told
    assert "专家评审委员会" in told
    assert "不少于 500 名" in told
    assert "公开可查的条文到第十五条为止" in told


def test_the_home_page_names_the_open_call_and_the_way_in(visitor):
    page = visitor.get("/").text
    assert "2026年度第一批" in page
    assert 'href="/calls/2026-1"' in page
    assert 'action="/register"' in page
    assert 'action="/verify"' in page


def test_without_an_open_call_the_home_page_says_so(visitor):
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        assert "目前没有正在受理的批次" in visitor.get("/").text


def test_calls_are_told_apart_by_the_servers_clock(visitor):
    assert "已截止" not in visitor.get("/calls").text
    with time_machine.travel(clock.now() - timedelta(days=10), tick=False):
        assert "未开始" in visitor.get("/calls").text
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        assert "已截止" in visitor.get("/calls").text


def test_a_call_shows_every_rule_with_its_unit_and_its_source(visitor):
    told = text_of(visitor.get("/calls/2026-1"))
    for parameter in SourcedPolicy.kept(POLICY.snapshot()).parameters():
        source = cited(parameter.source) if parameter.provenance.citation else ""
        rests_on = f"{source} {'暂定' if parameter.assumed else ''}".strip()
        assert f"{parameter.title} {parameter.value:,g} {parameter.unit} {rests_on} " in told
    assert "依据第四条第（四）项" in told
    assert "（北京时间）" in told


def test_only_an_open_call_can_be_applied_to(visitor):
    assert "/sign-in?next=/applications/new%3Fcall%3D2026-1" in visitor.get("/calls/2026-1").text
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        assert "/applications/new" not in visitor.get("/calls/2026-1").text


def test_those_who_do_not_apply_are_offered_no_application(visitor):
    visitor.sign_in(cast.OFFICE)
    assert "/applications/new" not in visitor.get("/calls/2026-1").text


@pytest.mark.parametrize(
    "path", ["/calls/2099-9", "/calls/%00", "/register/none", "/register/%00", "/certificates/none.pdf", "/nowhere"]
)
def test_what_does_not_exist_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_a_notice_is_shown_and_never_run(visitor):
    with transaction() as session:
        session.exec(select(Call)).one().notice = "<script>alert(1)</script>\n第二段"
    page = visitor.get("/calls/2026-1").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<p>第二段</p>" in page


def marked_texts():
    """The texts of the pages for everybody, of the account and of the applicant."""
    rooms = ("public", "account", "applicant")
    modules = [path for room in rooms for path in HERE.glob(f"{room}*.py")]
    calls = [node for path in modules for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "id", "") in {"marked", "gettext"}]
    spoken = {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}
    for path in [path for room in rooms for path in HERE.glob(f"templates/{room}/*.html")]:
        spoken |= {found[2] for found in re.finditer(r"\b_\((['\"])(.*?)\1[,)]", path.read_text())}
    return spoken


def test_every_text_has_its_english_with_the_same_placeholders():
    english = catalogue("en")
    assert [text for text in marked_texts() if not english.get(text)] == []
    with (LOCALES / "en" / "pages-applicant.po").open("rb") as file:
        ours = {message.id: message.string for message in read_po(file) if message.id}
    assert set(ours) <= marked_texts(), "nobody says it any more"
    for text, told in ours.items():
        assert set(re.findall(r"{(\w+)}", told)) <= set(re.findall(r"{(\w+)}", text)) | {"place"}, text
        assert not re.search(r"[，。；：、“]", re.sub("“[{}a-zA-Z& ]+”", "", told)), told


def test_every_page_is_told_in_english_as_well(database):
    del database
    reader = Visitor(**{"Accept-Language": "en"})
    for path in ("/", "/calls", "/calls/2026-1", "/register", "/verify"):
        page = reader.get(path)
        assert page.status_code == 200
        assert '<html lang="en">' in page.text
    assert "Art. 4(4)" in reader.get("/calls/2026-1").text
