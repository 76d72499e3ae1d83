"""The notices of acceptance: what they are called and what they say, as data that a lawyer may change.

A notice is kept as it was issued; a change here is for notices to come.
"""

from dataclasses import dataclass

from regulation.outcomes import Outcome


@dataclass(frozen=True)
class NoticeText:
    """The words of one notice; `{citation}`, `{call}`, `{filed_on}` and `{days}` are filled in."""

    title: str
    series: str
    opening: str
    verdict: str
    closing: str


ACCEPTED = NoticeText(
    title="受理通知书",
    series="鄂继教受",
    opening="贵单位于{filed_on}提交的“{call}”申报材料收悉。",
    verdict=(
        "经形式审查，申报材料齐全、符合规定形式，依照{citation}第五条的规定，现予受理。"
        "专家评审、实地考察所需时间按本批次规定另行计算。"
    ),
    closing="受理不代表对申报内容的认定。申报单位对申报材料的真实性负责，请妥善保管本通知书。",
)

ACCEPTED_BY_SILENCE = NoticeText(
    title=ACCEPTED.title,
    series=ACCEPTED.series,
    opening=ACCEPTED.opening,
    verdict=(
        "自收到申报材料之日起{days}个工作日内未一次性告知需要补正的内容，按照本批次规定，"
        "逾期未告知，视为受理。专家评审、实地考察所需时间按本批次规定另行计算。"
    ),
    closing=ACCEPTED.closing,
)

REJECTED = NoticeText(
    title="不予受理通知书",
    series="鄂继教不受",
    opening="贵单位于{filed_on}提交的“{call}”申报材料收悉。",
    verdict="经形式审查，申报材料不符合受理条件，依照{citation}第五条的规定，决定不予受理。理由如下：",
    closing=(
        "如不服本决定，可以自收到本通知书之日起六十日内，依照《中华人民共和国行政复议法》第二十条的规定申请行政复议。"
    ),
)


def text_for(outcome: Outcome, *, by_silence: bool) -> NoticeText:
    """Return the words for an ending of the office's check; KeyError for one that has no notice."""
    if outcome is Outcome.APPROVED:
        return ACCEPTED_BY_SILENCE if by_silence else ACCEPTED
    return {Outcome.REFUSED: REJECTED}[outcome]
