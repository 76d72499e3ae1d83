"""What happened to a case, in sentences: the journal's acts as people understand them, for pages and programs alike."""

from collections.abc import Callable

from casework.access import Sight
from casework.run_words import step_in_words
from core.i18n import gettext, marked
from models.journal import JournalEntry
from regulation.definition import BY_KEY
from regulation.form.definition import FIELDS
from regulation.outcomes import TITLES, Outcome

INSIDE = frozenset({"stalled", "recovered", "run-again", "letter-sent-again", "round-closed"})
"""Acts of the engine room, told only to those who may read the journal."""

PLAIN = {
    "panel-assembled": marked("组建专家评审委员会（{members} 人）"),
    "team-assembled": marked("安排考察组（{members} 人）"),
    "member-replaced": marked("调整评审或考察人员"),
    "reviewed": marked("提交评审意见"),
    "certificate-issued": marked("制发证书 {number}"),
    "certificate-revoked": marked("撤销证书 {number}"),
    "published": marked("公布并列入基地名录"),
    "recovered": marked("系统恢复处理"),
    "run-again": marked("运维人员要求重新运行"),
    "letter-sent-again": marked("重新发送函件给 {to}"),
}


def is_told(entry: JournalEntry, sight: Sight) -> bool:
    """Whether a reader may know of a line."""
    known = entry.act in PLAIN or entry.act in SPECIAL
    return sight.journal or (known and entry.act not in INSIDE)


def sentence_of(entry: JournalEntry) -> str:
    """Return what a line says; an act nobody has taught us is shown as it is."""
    told = SPECIAL.get(entry.act)
    if told:
        return told(entry)
    sentence = PLAIN.get(entry.act)
    if not sentence:
        return entry.act
    return gettext(sentence, **({"members": "", "number": "", "to": ""} | entry.detail))


def _submitted(entry: JournalEntry) -> str:
    number = entry.detail.get("number", 1)
    return gettext("提交申报") if number == 1 else gettext("提交补正材料（第 {n} 次提交）", n=number)


def _opened(entry: JournalEntry) -> str:
    if entry.stage == "submission" and entry.round > 1:
        return gettext("等待申报单位补正")
    if entry.round > 1:
        return gettext("进入{stage}环节，第 {n} 轮", stage=_stage(entry), n=entry.round)
    return gettext("进入{stage}环节", stage=_stage(entry))


def _closed(entry: JournalEntry) -> str:
    return gettext("系统办结{stage}环节", stage=_stage(entry))


def _decided(entry: JournalEntry) -> str:
    return gettext("{stage}：{outcome}", stage=_stage(entry), outcome=_outcome(entry))


def _ended(entry: JournalEntry) -> str:
    if entry.detail.get("outcome") == Outcome.APPROVED:
        return gettext("办结：已认定并公布")
    return gettext("办结：{outcome}", outcome=_outcome(entry))


def _attached(entry: JournalEntry) -> str:
    field = FIELDS.get(str(entry.detail.get("kind", "")))
    return gettext("上传“{title}”", title=gettext(field.title) if field else str(entry.detail.get("name", "")))


def _stalled(entry: JournalEntry) -> str:
    return gettext("系统处理受阻，停在步骤“{step}”", step=step_in_words(str(entry.detail.get("step", ""))))


def _stage(entry: JournalEntry) -> str:
    known = BY_KEY.get(entry.stage)
    return gettext(known.title) if known else entry.stage


def _outcome(entry: JournalEntry) -> str:
    word = str(entry.detail.get("outcome", ""))
    if word not in set(TITLES):
        return word
    known = BY_KEY.get(entry.stage)
    return gettext(known.words_for(Outcome(word)) if known else Outcome(word).title)


SPECIAL: dict[str, Callable[[JournalEntry], str]] = {
    "submitted": _submitted,
    "attached": _attached,
    "round-opened": _opened,
    "round-closed": _closed,
    "decided": _decided,
    "case-closed": _ended,
    "stalled": _stalled,
}
