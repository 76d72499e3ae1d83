"""Two languages: the reader's is used, and a text without translation is shown rather than lost."""

import asyncio
from threading import Thread

from core.i18n import catalogue, gettext, language, marked, translated

TEXT = "请先登录。"


def test_chinese_is_the_source_and_needs_no_catalogue():
    assert catalogue("zh") == {}
    assert gettext(TEXT) == TEXT
    assert marked(TEXT) == TEXT


def test_the_reader_who_chose_english_gets_it():
    language.set("en")
    assert gettext(TEXT) == catalogue("en")[TEXT] != TEXT


def test_values_are_filled_in_and_only_asked_for_texts_are_formatted():
    assert translated("还有 {n} 天", "en", n=3) == "3 d left"
    assert gettext("100 {not a name}") == "100 {not a name}"


def test_an_unknown_text_is_shown_as_it_is():
    assert translated("没有这一句", "en") == "没有这一句"


def test_one_readers_language_is_not_anothers():
    heard = []

    async def read(chosen):
        language.set(chosen)
        await asyncio.sleep(0)
        heard.append((chosen, language.get()))

    async def both():
        await asyncio.gather(read("en"), read("zh"), read("en"))

    asyncio.run(both())
    thread = Thread(target=lambda: heard.append(("thread", language.get())))
    language.set("en")
    thread.start()
    thread.join()
    assert heard == [("en", "en"), ("zh", "zh"), ("en", "en"), ("thread", "zh")]
