"""The few words that runs leave behind, as sentences: why a run woke, what it did, the state it ended in."""

import re

from core.i18n import gettext, marked
from regulation.definition import BY_KEY, STAGES
from regulation.outcomes import TITLES, Outcome

REASONS = {
    "submitted": marked("收到申报材料"),
    "reviewed": marked("收到评审意见"),
    "panel-assembled": marked("专家评审委员会已组建"),
    "team-assembled": marked("考察组已安排"),
    "member-replaced": marked("评审或考察人员已调整"),
    "run again": marked("运维人员要求重新运行"),
}
STEPS = {
    "open_round": marked("开启环节"),
    "close_round": marked("办结环节"),
    "call_the_chair": marked("请主任委员作结论"),
    "issue_certificate": marked("制发证书"),
    "publish": marked("公布"),
    "resume": marked("接续运行"),
}
ENDED_IN = {
    "Certified": marked("已认定并公布"),
    "Failed": marked("运行失败"),
    "Lost": marked("运行中断"),
    "Overtaken": marked("结论被撤回，重新开始"),
    **{str(outcome).capitalize(): title for outcome, title in TITLES.items()},
}
AWAITING = {stage.awaiting: stage for stage in STAGES}
DID = {
    "issued": STEPS["issue_certificate"],  # as it is foretold, before there is a number
    "published": STEPS["publish"],
    "called the chair": marked("评审意见已收齐，请主任委员作出结论"),
    "taken up again after an interruption": marked("中断后接续运行"),
}
OPENED = re.compile(r"opened ([a-z-]+) round ([0-9]+)")
CLOSED = re.compile(r"closed ([a-z-]+) round ([0-9]+): ([a-z]+)")
NUMBERED = {"issued": marked("制发证书 {number}"), "published": marked("公布 {number}")}
DECIDED = re.compile(r"([a-z-]+) ([a-z]+)")


def reason_in_words(reason: str) -> str:
    """Return why a run woke: the bell's few words, as a sentence; unknown ones as they are."""
    if reason in REASONS:
        return gettext(REASONS[reason])
    found = DECIDED.fullmatch(reason)
    if not found or not _knows(found[1], found[2]):
        return reason
    return gettext("{stage}：{outcome}", stage=_title(found[1]), outcome=_outcome(found[1], found[2]))


def step_in_words(step: str) -> str:
    """Return the name of a step; one nobody has taught us as it is."""
    return gettext(STEPS.get(step, step)) if step else ""


def did_in_words(did: str) -> str:
    """Return what a step did, as a sentence; unknown words as they are."""
    if did in DID:
        return gettext(DID[did])
    if (found := CLOSED.fullmatch(did)) and _knows(found[1], found[3]):
        outcome = _outcome(found[1], found[3])
        return gettext("办结{stage}第 {n} 轮：{outcome}", stage=_title(found[1]), n=found[2], outcome=outcome)
    if (found := OPENED.fullmatch(did)) and found[1] in BY_KEY:
        return gettext("开启{stage}第 {n} 轮", stage=_title(found[1]), n=found[2])
    act, _, number = did.partition(" ")
    return gettext(NUMBERED[act], number=number) if number and act in NUMBERED else did


def ended_in_words(ended_in: str) -> str:
    """Return the state a run ended in: what the case waits for, or how it ended."""
    if ended_in in AWAITING:
        waits_for = AWAITING[ended_in]
        title = gettext("补正") if waits_for.key == "submission" else gettext(waits_for.title)
        return gettext("等待{stage}", stage=title)
    return gettext(ENDED_IN.get(ended_in, ended_in))


def _knows(stage: str, outcome: str) -> bool:
    return stage in BY_KEY and outcome in set(TITLES)


def _title(stage: str) -> str:
    return gettext(BY_KEY[stage].title)


def _outcome(stage: str, outcome: str) -> str:
    return gettext(BY_KEY[stage].words_for(Outcome(outcome)))
