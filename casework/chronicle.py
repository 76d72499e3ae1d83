"""What happened to a case, in sentences: the journal's acts as people understand them, for pages and programs alike."""

from collections.abc import Callable
from string import Formatter

from casework.access import Sight
from casework.by_hand import TITLES as PARTS
from casework.objections.letters import RESULTS
from casework.run_words import step_in_words
from core.i18n import gettext, marked
from models.journal import JournalEntry
from models.objection import ObjectionResult
from models.operating import Part
from regulation.definition import BY_KEY
from regulation.form.definition import FIELDS
from regulation.outcomes import TITLES, Outcome

INSIDE = frozenset({"stalled", "recovered", "run-again", "letter-sent-again", "round-closed", "ranked"}) | {
    "objection-filed", "objection-refused", "objection-noted", "revocation-proposed", "revocation-declined",
    "panel-drawn", "draw-discarded", "experts-invited", "invitation-accept", "invitation-decline", "invitation-recuse",
    "next-drawn", "nobody-left", "recusal-asked", "conflict-upheld", "conflict-dismissed", "seat-vacated",
    "review-voided", "reviews-taken-over", "telephone-accept", "telephone-decline", "telephone-recuse",
    "by-hand-proposed", "by-hand-confirmed", "by-hand-withdrawn", "by-hand-used", "package-taken",
}  # fmt: skip
"""Acts of the engine room, and what is not yet anybody else's business: told only to whoever may read the journal."""

PLAIN = {
    "panel-assembled": marked("组建专家评审委员会（{members} 人）"),
    "team-assembled": marked("安排考察组（{members} 人）"),
    "member-replaced": marked("调整评审或考察人员"),
    "reviewed": marked("提交评审意见"),
    "panel-drawn": marked("随机抽取评审专家"),
    "draw-discarded": marked("作废抽取结果：{reason}"),
    "experts-invited": marked("邀请评审专家（{members} 人）"),
    "invitation-accept": marked("接受评审邀请"),
    "invitation-decline": marked("谢绝评审邀请"),
    "invitation-recuse": marked("答复评审邀请：申请回避"),
    "next-drawn": marked("按抽取次序递补邀请"),
    "nobody-left": marked("已无可递补的专家"),
    "recusal-asked": marked("专家申请回避"),
    "avoidance-asked": marked("申报单位申请回避专家（{count} 人）"),
    "conflict-upheld": marked("认定应当回避"),
    "conflict-dismissed": marked("认定无须回避"),
    "seat-vacated": marked("因回避空出评审席位"),
    "review-voided": marked("因回避作废一份评审意见，不计入结果"),
    "reviews-taken-over": marked("沿用上一轮评审意见 {taken} 份，待补 {vacant} 席"),
    "telephone-accept": marked("据电话记录：专家接受评审邀请"),
    "telephone-decline": marked("据电话记录：专家谢绝评审邀请"),
    "telephone-recuse": marked("据电话记录：专家申请回避"),
    "signed-page-attached": marked("上传考察记录签名页“{name}”"),
    "panel-enlarged": marked("增聘评审专家（{members} 人）"),
    "clarification-asked": marked("就申报材料提出询问（第 {number} 项）"),
    "clarification-answered": marked("答复询问（第 {number} 项）"),
    "certificate-issued": marked("制发证书 {number}"),
    "certificate-revoked": marked("撤销证书 {number}"),
    "published": marked("公布并列入基地名录"),
    "announced": marked("列入公布文件 {number}"),
    "plaque-entered": marked("登记牌匾 {number}"),
    "plaque-made": marked("制作牌匾 {number}（{on}）"),
    "plaque-handed": marked("颁发牌匾 {number}（{on}）"),
    "plaque-returned": marked("收回牌匾 {number}（{on}）"),
    "plaque-destroyed": marked("销毁牌匾 {number}（{on}）"),
    "publicised": marked("公示（{first_on} 至 {last_on}）"),
    "objection-filed": marked("收到异议 {number}"),
    "objection-accepted": marked("受理异议 {number}"),
    "objection-refused": marked("不予受理异议 {number}"),
    "objection-noted": marked("记录异议 {number} 的调查情况"),
    "objection-answered": marked("申报单位就异议 {number} 作出说明"),
    "reconsideration-asked": marked("公示期满，有异议成立，提请复核审定"),
    "revocation-proposed": marked("提议撤销证书 {number}"),
    "revocation-declined": marked("不同意撤销证书 {number}"),
    "recovered": marked("系统恢复处理"),
    "run-again": marked("运维人员要求重新运行"),
    "letter-sent-again": marked("重新发送函件给 {to}"),
    "acceptance-issued": marked("制发受理通知书 {number}"),
    "rejection-issued": marked("制发不予受理通知书 {number}"),
    "scan-attached": marked("上传推荐意见扫描件“{name}”"),
    "visit-offered": marked("提供考察日期：{days}"),
    "visit-declined": marked("答复考察日期均不合适"),
    "visit-accepted": marked("约定于 {day} 实地考察"),
    "visit-moved": marked("实地考察由 {before} 改为 {day}"),
    "visit-cancelled": marked("取消 {day} 的实地考察"),
    "photo-added": marked("上传考察照片"),
    "photo-removed": marked("删除考察照片"),
    "record-confirmed": marked("确认考察记录"),
    "waiting": marked("列入候补，第 {place} 位"),
    "personal-shown": marked("查看申报材料中的个人信息"),
    "package-taken": marked("下载归档包"),
    "ranked": marked("调整推荐排序为第 {place} 位"),
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
    blanks = {name: "" for _, name, _, _ in Formatter().parse(sentence) if name}
    return gettext(sentence, **(blanks | entry.detail))


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
    said = gettext("{stage}：{outcome}", stage=_stage(entry), outcome=_outcome(entry))
    minutes, held_on = entry.detail.get("minutes"), entry.detail.get("held_on")
    return gettext("{said}（{on} 会议，{minutes}）", said=said, on=held_on, minutes=minutes) if minutes else said


def _concluded(entry: JournalEntry) -> str:
    result = str(entry.detail.get("result", ""))
    word = gettext(RESULTS[ObjectionResult(result)]) if result in set(ObjectionResult) else result
    return gettext("办结异议 {number}：{result}", number=entry.detail.get("number", ""), result=word)


def _undone(entry: JournalEntry) -> str:
    return gettext("撤回结论——{stage}：{outcome}", stage=_stage(entry), outcome=_outcome(entry))


def _ended(entry: JournalEntry) -> str:
    if entry.detail.get("outcome") == Outcome.APPROVED:
        return gettext("办结：已认定并公布")
    return gettext("办结：{outcome}", outcome=_outcome(entry))


def _attached(entry: JournalEntry) -> str:
    field = FIELDS.get(str(entry.detail.get("kind", "")))
    return gettext("上传“{title}”", title=gettext(field.title) if field else str(entry.detail.get("name", "")))


def _stalled(entry: JournalEntry) -> str:
    return gettext("系统处理受阻，停在步骤“{step}”", step=step_in_words(str(entry.detail.get("step", ""))))


def _by_hand(said: str) -> Callable[[JournalEntry], str]:
    def worded(entry: JournalEntry) -> str:
        """Say it of one line."""
        part = str(entry.detail.get("part", ""))
        return gettext(said, part=gettext(PARTS[Part(part)]) if part in set(Part) else part)

    return worded


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
    "objection-concluded": _concluded,
    "decision-undone": _undone,
    "case-closed": _ended,
    "stalled": _stalled,
    "by-hand-proposed": _by_hand(marked("登记人工办理：{part}")),
    "by-hand-confirmed": _by_hand(marked("确认人工办理：{part}")),
    "by-hand-withdrawn": _by_hand(marked("撤回人工办理登记：{part}")),
    "by-hand-used": _by_hand(marked("按人工办理登记继续：{part}")),
}
