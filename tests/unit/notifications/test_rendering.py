"""Every letter says in both languages, as text and as HTML, what it has to; whatever people wrote is only shown."""

import re
from html.parser import HTMLParser

import pytest

from core.i18n import catalogue
from notifications.rendering import LETTERS, TEMPLATES, Rendered, render
from tests.unit.notifications.samples import facts

LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
FOR_PEOPLE = re.compile(r"""(?:_\(|translated\(|set contact = )["']([^"']*[\u4e00-\u9fff][^"']*)["']""")


class Reader(HTMLParser):
    """Reads HTML as a person would, and notes every tag and address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def seen(self) -> str:
        return "".join("".join(self.words).split())


def written(letter: str, locale: str = "zh", **others: object) -> Rendered:
    return render(letter, locale, facts(letter, **others))


def test_every_letter_has_a_folder_with_both_languages():
    folders = {folder.name for folder in TEMPLATES.iterdir() if not folder.name.startswith("_")}
    assert folders == LETTERS.keys()
    for letter in LETTERS:
        assert {file.name for file in (TEMPLATES / letter).iterdir()} == {"zh.jinja", "en.jinja"}


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS)
def test_text_and_html_say_the_same(letter, locale):
    rendered = written(letter, locale)
    html = Reader(rendered.html)
    for line in rendered.text.splitlines():
        words = re.sub(r"^(\d+\.|\s*\|)|[:：]$|-{10,}", "", line.strip())
        assert "".join(words.split()) in html.seen() or words in html.links, line


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS)
def test_what_the_letter_must_tell_is_told_in_the_readers_language(letter, locale):
    told = facts(letter)
    rendered = render(letter, locale, told)
    body, summary, contact = rendered.text.split("-" * 40)
    if "reference" in LETTERS[letter]:
        assert rendered.subject.endswith("〔JD-2026-0001〕" if locale == "zh" else " [JD-2026-0001]")
    for name in LETTERS[letter] - {
        "due_on",
        "issued_on",
        "submitted_at",
        "filed_at",
        "at",
        "until",
        "final",
        "open",
        "new",
        "outcome",
        "duty",
        "stage",
        "provisional",
        "sees",
        "leads",
        "first_on",
        "effective_on",
        "parameter",
        "part",
        "of_step",
        "meaning",
        "unit",
        "last_on",
        "day",
        "days",
        "before",
        "attachments",
    }:
        for point in told[name] if isinstance(told[name], list) else [told[name]]:
            assert str(point) in body, name
    other = "Summary in English" if locale == "zh" else "中文摘要"
    assert other in summary
    assert "继教办" in contact
    assert "Continuing Education Office" in contact


@pytest.mark.parametrize("letter", LETTERS)
def test_no_fact_may_be_missing(letter):
    for name in LETTERS[letter]:
        told = facts(letter)
        del told[name]
        with pytest.raises(ValueError, match=f"{letter}.*{name}"):
            render(letter, "zh", told)


def test_an_unknown_letter_is_not_written():
    with pytest.raises(KeyError):
        render("love-letter", "zh", {})


def test_links_lead_to_the_exact_page():
    html = Reader(written("certified").html)
    assert html.links == [
        "http://127.0.0.1:8000/cases/JD-2026-0001",
        "http://127.0.0.1:8000/verify/Zk3n0c8Q",
        "http://127.0.0.1:8000/register",
    ]


@pytest.mark.parametrize("path", ["cases/1", "@evil.example.com/", "javascript:alert(1)", ""])
def test_a_path_that_is_not_ours_makes_no_letter(path):
    with pytest.raises(ValueError, match="not a path of ours"):
        written("relieved", path=path)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(
    "word", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% raw %}", "&amp;"]
)
def test_markup_in_what_people_wrote_is_shown_and_never_obeyed(letter, word):
    told = facts(letter)
    hostile = {
        name: word
        for name in ("recipient", "unit", "base_name", "reasons", "holder", "recommender", "step", "error", "number")
        if isinstance(told.get(name), str)
    }
    rendered = render(letter, "zh", told | hostile | ({"corrections": [word]} if "corrections" in told else {}))
    harmless = Reader(written(letter).html)
    html = Reader(rendered.html)
    assert html.tags == harmless.tags
    assert html.links == harmless.links
    assert "".join(word.split()) in html.seen()
    assert word in rendered.text


@pytest.mark.parametrize("letter", LETTERS)
def test_line_breaks_in_facts_do_not_reach_the_subject_nor_make_lines_of_their_own(letter):
    evil = "甲\r\nBcc: everyone@example.com\u2028\u202e\r\n\r\n乙"
    rendered = render(
        letter, "zh", {k: evil if k in {"recipient", "unit", "holder"} else v for k, v in facts(letter).items()}
    )
    assert not re.search(r"[\r\n\u2028\u202e]", rendered.subject)
    assert not re.search(r"^Bcc", rendered.text, re.MULTILINE)
    assert "Bcc: everyone@example.com" in rendered.text


def test_reasons_keep_their_lines():
    rendered = written("refused", reasons="第一条。\r\n\r\n第二条。")
    assert "  | 第一条。\n  | 第二条。\n" in rendered.text
    assert "第一条。<br>第二条。" in rendered.html


def test_corrections_are_numbered_and_told_at_once():
    rendered = written("returned")
    assert "一次性告知" in rendered.text
    assert "逾期未补正的，视为放弃申报" in rendered.text
    assert "1. 补充近三年培训名册。\n2. 更正专职师资人数。" in rendered.text


def test_days_and_terms_are_in_the_language_of_each_half():
    chinese, english = written("assignment"), written("assignment", "en")
    assert chinese.subject == "待办事项：审核并签署推荐意见，2026年12月8日到期〔JD-2026-0001〕"
    assert english.subject == "To do: Examine the file and sign the recommendation, due 8 December 2026 [JD-2026-0001]"
    assert "办理期限：2026年12月8日（星期二）" in chinese.text
    assert "Stage: Local review" in english.text
    assert "Due: Tuesday, 8 December 2026" in english.text
    assert "by 8 December 2026 at the latest" in chinese.text
    assert "请您于2026年12月8日前（含当日）办理" in english.text


def test_a_provisional_date_is_called_so():
    assert "尚未公布节假日安排" not in written("assignment").text
    assert "尚未公布节假日安排" in written("assignment", provisional=True).text
    assert "provisional" in written("assignment", "en", provisional=True).text


def test_a_receipt_knows_an_application_from_its_correction():
    assert "已收到申报材料" in written("receipt").subject
    assert "签署推荐意见" in written("receipt").text
    assert "已收到补正材料" in written("receipt", number=2).subject
    assert "签署推荐意见" not in written("receipt", number=2).text


def test_a_reminder_says_how_long_there_is_and_what_is_at_stake():
    assert "还有 2 个工作日" in written("reminder").text
    assert "办理期限已到" in written("reminder", days_left=0).text
    assert "视为放弃申报" not in written("reminder").text
    assert "视为放弃申报" in written("reminder", duty="补正申报材料").text


def test_an_overdue_duty_may_have_no_holder_and_be_over_by_a_weekend_only():
    rendered = written("overdue", holder="", days_over=0)
    assert "办理人：尚无办理人" in rendered.text
    assert "已逾期" not in rendered.text


def test_an_unknown_language_is_chinese():
    assert written("relieved", "fr") == written("relieved", "zh")


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.jinja")), ids=lambda file: f"{file.parent.name}/{file.stem}"
)
def test_every_text_has_its_english(template):
    source = template.read_text(encoding="utf-8")
    for text in FOR_PEOPLE.findall(source):
        assert text in catalogue("en"), text
    if template.stem == "en":
        assert not CHINESE.search(FOR_PEOPLE.sub("", source))
