"""Forms: what is understood, what is refused and how, and that nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Fault, Invalid
from core.i18n import catalogue, language
from pages import forms
from pages.forms import Attached, Form, field_id
from pages.submission import MOST_FIELDS, Submitted
from tests.unit.pages.gallery import Person, application, ask


def typed(**values):
    return Form({name: [value] for name, value in values.items()}, {})


def sentences(form):
    return [fault.message for fault in form.faults]


@pytest.mark.parametrize("text", ["520", " 520 ", "５２０", "1,200", "0"])
def test_whole_numbers_as_people_write_them(text):
    form = typed(people=text)
    assert form.integer("people", "培训人数") == int(text.strip().replace(",", ""))
    assert form.faults == []


@pytest.mark.parametrize("text", ["五百", "12.5", "1e3", "--1", "٣٤", "0x1F", "9" * 19])
def test_what_is_no_whole_number_is_refused_with_an_example(text):
    form = typed(people=text)
    assert form.integer("people", "培训人数") is None
    assert sentences(form) == ["培训人数应填写整数，例如 520。"]


def test_numbers_out_of_bounds_say_the_bound():
    form = typed(low="-1", high="101")
    form.integer("low", "甲")
    form.integer("high", "乙", between=(0, 100))
    assert sentences(form) == ["甲不得小于 0。", "乙不得大于 100。"]


def test_amounts():
    form = typed(a="12.50", b="１２．５", c="1,000", d="1.234", e="-1", f="NaN", g="1e5")
    assert [form.decimal(name, name) for name in "abc"] == [Decimal("12.50"), Decimal("12.5"), Decimal(1000)]
    assert form.faults == []
    assert [form.decimal(name, name) for name in "defg"] == [None] * 4
    assert sentences(form) == [
        "d最多保留 2 位小数。",
        "e不得小于 0。",
        "f应填写数字，例如 12.50。",
        "g应填写数字，例如 12.50。",
    ]


@pytest.mark.parametrize(
    "text", ["2026-11-24", "2026/11/24", "2026.11.24", "20261124", "2026年11月24日", "２０２６-11-24"]
)
def test_days_as_people_write_them(text):
    assert typed(on=text).day("on", "日期") == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["2026-02-30", "26-11-24", "24.11.2026", "0000-01-01", "明天", "2026-13-01"])
def test_days_that_do_not_exist(text):
    form = typed(on=text)
    assert form.day("on", "考察日期") is None
    assert sentences(form) == ["考察日期应填写真实存在的日期，例如 2026-11-24。"]


def test_every_fault_is_told_at_once():
    form = typed(name="  ", intro="字" * 11)
    form.text("name", "单位名称")
    form.text("intro", "简介", longest=10)
    form.choice("kind", "单位性质", ["a"])
    form.choices("fields", "申报领域", ["a"])
    form.file("licence", "登记证书")
    with pytest.raises(Invalid) as refused:
        form.refuse_faults()
    assert [fault.field for fault in refused.value.faults] == ["name", "intro", "kind", "fields", "licence"]
    assert sentences(form) == [
        "请填写单位名称。",
        "简介不得超过 10 字，现有 11 字。",
        "请选择单位性质。",
        "请选择申报领域。",
        "请上传登记证书。",
    ]


def test_only_offered_answers_are_taken():
    form = Form({"kind": ["b"], "fields": ["a", "z"], "good": ["a", "a", "c"]}, {})
    assert form.choice("kind", "性质", ["a"]) == ""
    assert form.choices("fields", "领域", ["a"]) == []
    assert len(form.faults) == 2
    assert form.choices("good", "领域", ["a", "b", "c"]) == ["a", "c"]


def test_what_may_be_left_out_may_be_left_out():
    form = typed()
    assert form.text("a", "甲", required=False) == ""
    assert form.integer("a", "甲", required=False) is None
    assert form.decimal("a", "甲", required=False) is None
    assert form.day("a", "甲", required=False) is None
    assert form.file("a", "甲", required=False) is None
    assert form.choice("a", "甲", [], required=False) == ""
    assert form.faults == []


def test_repeated_rows_keep_their_order_and_share_the_faults():
    form = typed(**{"training-2-people": "x", "training-0-people": "520", "training-10-people": "7", "other-1-a": ""})
    rows = form.rows("training")
    assert [row.integer("people", "人数") for row in rows] == [520, None, 7]
    assert [fault.field for fault in form.faults] == ["training.2.people"]
    assert rows[1].error("people") == "人数应填写整数，例如 520。"
    assert field_id(form.faults[0].field) == field_id(rows[1].key("people")) == "f-training-2-people"
    assert len(form.rows("training", most=2)) == 2


def test_faults_of_casework_come_to_their_fields():
    form = typed(**{"training-0-people": "3"})
    form.refused(Invalid("不行。", faults=[Fault("training.0.people", "每年不得少于 500 人。")]))
    assert form.row("training", 0).error("people") == "每年不得少于 500 人。"
    assert form.sentence == "不行。"


def test_files_are_measured():
    files = {"big": Attached("a.pdf", b"x" * (2 * forms.MEGABYTE + 1)), "none": Attached("b.pdf", b"")}
    form = Form({}, files)
    assert form.file("big", "附件", megabytes=2) is None
    assert form.file("none", "附件") is None
    assert sentences(form) == [
        "附件不得超过 2 MB，所选文件为 2.0 MB；请压缩或拆分后重新上传。",
        "附件是空文件，请重新选择。",
    ]


@given(st.text(max_size=300))
def test_any_text_is_kept_and_can_be_stored(text):
    form = typed(name=text)
    form.text("name", "名称", required=False)
    kept = form.value("name")
    assert "\x00" not in kept
    kept.encode()
    assert typed(name=kept).value("name") == kept


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers_of_numbers_and_days(text):
    form = typed(a=text)
    for ask_for in (form.integer, form.decimal, form.day):
        form.faults.clear()
        answer = ask_for("a", "甲")
        assert (answer is None) == bool(form.faults)


def test_standard_sentences_have_english():
    english = catalogue("en")
    said = [value for name, value in vars(forms).items() if name.isupper() and isinstance(value, str)]
    assert [sentence for sentence in said if sentence not in english] == []
    language.set("en")
    form = typed(people="x")
    form.integer("people", "培训人数")
    assert sentences(form) == ["People trained must be a whole number, for example 520."]


def test_a_refused_form_is_shown_again_with_all_that_was_typed():
    answer = ask(
        application(Person()),
        "POST",
        "/kit",
        data={"csrf": "a-token", "people": "<script>", "reasons": "'; DROP TABLE"},
    )
    assert answer.status_code == 422
    assert 'value="&lt;script&gt;"' in answer.text
    assert "&#39;; DROP TABLE" in answer.text
    assert '<a href="#f-people">培训人数应填写整数，例如 520。</a>' in answer.text
    assert 'aria-describedby="f-people-error" aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    ("headers", "csrf", "status"),
    [
        ({}, "a-token", 303),
        ({"x-csrf-token": "a-token"}, "", 303),
        ({"origin": "http://jidi.test"}, "a-token", 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, "a-token", 303),
        ({}, "", 403),
        ({}, "another", 403),
        ({}, "\u00e9", 403),
        ({"origin": "http://evil.example"}, "a-token", 403),
        ({"origin": "null"}, "a-token", 403),
        ({"sec-fetch-site": "cross-site"}, "a-token", 403),
        ({"sec-fetch-site": "same-site", "origin": "http://jidi.test"}, "a-token", 403),
    ],
)
def test_only_pages_of_ours_may_submit(headers, csrf, status):
    answer = ask(application(Person()), "POST", "/kit", data={"csrf": csrf, "people": "1"}, headers=headers)
    assert answer.status_code == status


def test_without_a_sign_in_the_origin_still_counts():
    assert ask(application(), "POST", "/kit", data={"people": "1"}).status_code == 303
    foreign = {"origin": "http://evil.example"}
    assert ask(application(), "POST", "/kit", data={"people": "1"}, headers=foreign).status_code == 403


def test_a_body_that_is_too_large_is_refused_before_it_is_read():
    heavy = b"people=" + b"1" * (26 * forms.MEGABYTE)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert ask(application(), "POST", "/kit", content=heavy, headers=kind).status_code == 413

    async def unannounced():
        for _ in range(27):
            yield b"--x\r\n" + b"1" * forms.MEGABYTE

    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert ask(application(), "POST", "/kit", content=unannounced(), headers=kind).status_code in {413, 422}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(MOST_FIELDS + 1))),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_with_a_sentence(kind, body):
    answer = ask(application(), "POST", "/kit", content=body, headers={"content-type": kind})
    assert answer.status_code == 422
    assert "表单未能完整送达" in answer.text


def test_a_file_arrives_under_its_own_name():
    app = application()
    seen = []

    @app.post("/upload")
    def upload(form: Submitted) -> None:
        seen.append(form.file("licence", "证书"))

    ask(app, "POST", "/upload", files={"licence": ("C:\\文件\\证书.pdf", b"%PDF-1.7", "application/pdf")})
    assert seen == [Attached("证书.pdf", b"%PDF-1.7")]
