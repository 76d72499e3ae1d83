"""Whose turn it is in one sentence: in full for those who work on the case, softened for the applicant."""

from collections.abc import Sequence
from datetime import date

from casework.turns import Turn
from core.clock import local
from core.i18n import gettext, language, marked
from models.case import Case
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role

BUSY = {
    Duty.RECOMMEND: marked("推荐单位正在审核"),
    Duty.CHECK_FORM: marked("继教办正在进行形式审查"),
    Duty.ASSEMBLE_PANEL: marked("继教办正在组建专家评审委员会"),
    Duty.ANSWER: marked("继教办正在邀请评审专家"),
    Duty.REVIEW: marked("专家正在评审"),
    Duty.CONCLUDE: marked("专家评审委员会正在形成评审结论"),
    Duty.ASSEMBLE_TEAM: marked("继教办正在安排实地考察"),
    Duty.INSPECT: marked("考察组正在进行实地考察"),
    Duty.CERTIFY: marked("领导小组正在审定"),
    Duty.PUBLICISE: marked("继教办正在准备公示"),
    Duty.RECONSIDER: marked("领导小组正在复核"),
}
"""What an applicant is told of a duty of others: the body and what it does, never who."""


def turn_sentence(case: Case, turns: Sequence[Turn], *, softened: bool = False) -> str:
    """Say whose turn it is, since when and due when, duty by duty.

    `softened`: for the applicant, who is told no names and nothing of stalled runs; a delay of others is said to be
    one, without counting its days.
    """
    if case.closed_at:
        return gettext("{said}。", said=ending(case))
    if softened and case.stalled_at:
        return gettext("系统正在处理。")
    by_duty: dict[str, list[Turn]] = {}
    for turn in turns:
        by_duty.setdefault(turn.duty, []).append(turn)
    said = [(softly if softened else in_full)(together) for together in by_duty.values()]
    return gettext("{said}。", said=gettext("；").join(said))


def ending(case: Case) -> str:
    """Say how a case has ended."""
    outcome = case.outcome or Outcome.LAPSED
    said = gettext("已认定并公布") if outcome is Outcome.APPROVED else gettext(outcome.title)
    return gettext("已办结：{outcome}", outcome=said)


def in_full(turns: Sequence[Turn]) -> str:
    """Say it with who, since when, until when and what is left."""
    first = turns[0]
    if first.public and first.due_on:
        return gettext("公示至 {due}，期满无异议的自动办结", due=in_words(first.due_on))
    since = in_words(local(min(turn.since for turn in turns)).date())
    who = gettext("、").join(dict.fromkeys(gettext(turn.holder) for turn in turns))
    if not first.assignment:
        return gettext("{duty}，自 {since} 起", duty=gettext(first.duty), since=since)
    told = gettext("现在由{who}办理“{duty}”，自 {since} 起", who=who, duty=gettext(first.duty), since=since)
    told = gettext("{told}，{until}", told=told, until=until(min(turns, key=lambda turn: turn.due_on or date.max)))
    if first.choose_by:
        return gettext("{told}；已提供考察日期，待申报单位于 {day} 前选择", told=told, day=in_words(first.choose_by))
    return told


def softly(turns: Sequence[Turn]) -> str:
    """Say it to the applicant."""
    first = min(turns, key=lambda turn: turn.due_on or date.max)
    if first.public and first.due_on:
        return gettext("公示至 {due}", due=in_words(first.due_on))
    if not first.assignment:
        return gettext("系统正在处理")
    if first.assignment.duty.role is Role.APPLICANT:
        return gettext("请{duty}，{until}", duty=gettext(first.duty), until=until(first))
    if first.choose_by:
        return gettext("请选择考察日期，{day} 前答复", day=in_words(first.choose_by))
    busy = gettext(BUSY[first.assignment.duty])
    if first.overdue or not first.due_on:
        return gettext("{busy}，比预计时间稍长，已在督促办理", busy=busy)
    return gettext("{busy}，预计 {due} 前完成", busy=busy, due=in_words(first.due_on))


def until(turn: Turn) -> str:
    """Say the last day and what is left of it, in working days."""
    if not turn.due_on:
        return gettext("无期限")
    left, due = turn.days_left or 0, in_words(turn.due_on)
    if turn.overdue:
        return gettext("{due} 到期，已逾期 {n} 个工作日", due=due, n=-left)
    if not left:
        return gettext("{due} 前办结（期限将满）", due=due)
    return gettext("{due} 前办结（还有 {n} 个工作日）", due=due, n=left)


def in_words(day: date) -> str:
    """Write a day as the reader's language does."""
    return day.isoformat() if language.get() == "en" else f"{day.month}月{day.day}日"
