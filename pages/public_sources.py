"""Where a rule comes from, in the reader's words: 依据第四条第（四）项, or 暂定 where no visible article fixes it."""

import re
from dataclasses import dataclass
from datetime import date

from core.i18n import gettext, language, marked
from regulation.chapters import CHAPTERS
from regulation.policy import Parameter
from regulation.provenance import ASSUMED, MODEL, Provenance
from regulation.sourced import SourcedPolicy

CITATION = re.compile(r"(?:(?P<law>[^ ]+) )?Art\. (?P<articles>[0-9(), -]+?)(?: \(model\))?")
ARTICLE = re.compile(r"([0-9]+)(?:\(([0-9]+)\))?(?:-\(([0-9]+)\))?")
LAWS = {"行政许可法": marked("《行政许可法》")}
MODELS = {"湖北省同类认定项目": marked("湖北省同类认定项目"), "同类申报表": marked("同类申报表")}
DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Rule:
    """One parameter as a page shows it; `source` is empty for what is only assumed, `since` for what always held."""

    key: str
    title: str
    value: str
    unit: str
    source: str
    assumed: bool
    since: date | None
    own: bool


@dataclass(frozen=True)
class RuleChapter:
    """A chapter of the policy as a page shows it."""

    title: str
    rules: list[Rule]


def rules(policy: SourcedPolicy) -> list[RuleChapter]:
    """List a policy's parameters chapter by chapter with what they rest on, in the reader's language."""
    told = {one.key: _rule(one) for one in policy.parameters()}
    return [RuleChapter(gettext(chapter.title), [told[key] for key in chapter.parameters]) for chapter in CHAPTERS]


def rested(provenance: Provenance) -> str:
    """Say in one line what a value rests on: 暂定, 依据…, or 暂定，参照… for what was borrowed from elsewhere."""
    said = cited(provenance.citation or ASSUMED)
    if provenance.own:
        return gettext("本批次自定：{source}", source=said)
    return gettext("暂定，{source}", source=said) if provenance.assumed and provenance.citation else said


def cited(source: str) -> str:
    """Say where a rule comes from: by article, after another law, or 暂定."""
    if source == ASSUMED:
        return gettext("暂定")
    if (model := source.removesuffix(f" {MODEL}")) in MODELS:
        return gettext("参照{law}", law=gettext(MODELS[model]))
    found = CITATION.fullmatch(source)
    if not found:
        return source
    articles = f"Art. {found['articles']}" if language.get() == "en" else _articles(found["articles"])
    law = found["law"]
    if law:
        return gettext("参照{law}{articles}", law=gettext(LAWS.get(law, f"《{law}》")), articles=articles)
    return gettext("依据{articles}", articles=articles)


def numeral(number: int) -> str:
    """Write a number below 100 as articles are counted: 四, 十五, 三十二."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return ten + (DIGITS[ones] if ones or not tens else "")


def _rule(parameter: Parameter) -> Rule:
    origin = parameter.provenance
    return Rule(
        key=parameter.key,
        title=gettext(parameter.title),
        value=f"{parameter.value:,g}",
        unit=gettext(parameter.unit),
        source=cited(origin.citation) if origin.citation else "",
        assumed=parameter.assumed,
        since=origin.effective_on,
        own=origin.own,
    )


def _articles(text: str) -> str:
    return "、".join(_article(match) for match in ARTICLE.finditer(text))


def _article(match: re.Match[str]) -> str:
    article, first, last = match.groups()
    words = f"第{numeral(int(article))}条"
    if first:
        words += f"第（{numeral(int(first))}）项"
    return f"{words}至第（{numeral(int(last))}）项" if last else words
