"""Where a rule comes from, in the reader's words: 依据第四条第（四）项, or 暂定 where no visible article fixes it."""

import re
from dataclasses import dataclass

from core.i18n import gettext, language, marked
from regulation.policy import ASSUMED, Parameter, Policy, parameters

CITATION = re.compile(r"(?:(?P<law>[^ ]+) )?Art\. (?P<articles>[0-9(), -]+?)(?: \(model\))?")
ARTICLE = re.compile(r"([0-9]+)(?:\(([0-9]+)\))?(?:-\(([0-9]+)\))?")
LAWS = {"行政许可法": marked("《行政许可法》")}
DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Rule:
    """One parameter of a call as a page shows it."""

    title: str
    value: str
    unit: str
    source: str
    assumed: bool


def rules(policy: Policy) -> list[Rule]:
    """List a call's parameters with their sources, in the reader's language."""
    return [_rule(parameter) for parameter in parameters(policy)]


def cited(source: str) -> str:
    """Say where a rule comes from: by article, after another law, or 暂定."""
    if source == ASSUMED:
        return gettext("暂定")
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
    value = f"{parameter.value:,g}"
    return Rule(
        gettext(parameter.title), value, gettext(parameter.unit), cited(parameter.source), assumed=parameter.assumed
    )


def _articles(text: str) -> str:
    return "、".join(_article(match) for match in ARTICLE.finditer(text))


def _article(match: re.Match[str]) -> str:
    article, first, last = match.groups()
    words = f"第{numeral(int(article))}条"
    if first:
        words += f"第（{numeral(int(first))}）项"
    return f"{words}至第（{numeral(int(last))}）项" if last else words
