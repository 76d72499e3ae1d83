"""The letters of a case: what was posted to whom, whether it left, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.access import Sight
from core.i18n import gettext, marked
from models.message import Message, MessageState
from notifications.rendering import render
from regulation.form.masking import masked_email

KINDS = {
    "receipt": marked("受理回执"),
    "assignment": marked("办理通知"),
    "reminder": marked("到期提醒"),
    "overdue": marked("逾期报告"),
    "returned": marked("退回补正通知"),
    "refused": marked("不予通过通知"),
    "withdrawn": marked("撤回确认"),
    "lapsed": marked("逾期终止通知"),
    "relieved": marked("无须办理通知"),
    "replaced": marked("人员调整通知"),
    "clarification": marked("询问函"),
    "clarified": marked("询问答复通知"),
    "accepted": marked("受理通知"),
    "place-free": marked("名额空出通知"),
    "certified": marked("认定通知"),
    "stalled": marked("停滞通知"),
    "by-hand-proposed": marked("人工办理登记待确认通知"),
    "late": marked("逾期催办"),
    "undone": marked("结论撤回通知"),
    "visit-offered": marked("考察日期征询"),
    "visit-declined": marked("考察日期答复"),
    "visit-agreed": marked("考察日期通知"),
    "visit-cancelled": marked("考察取消通知"),
    "announced": marked("公布通知"),
    "delegated": marked("委托代办通知"),
    "account-opened": marked("账号开通通知"),
    "password-reset": marked("重设密码邮件"),
    "account-locked": marked("账号暂停登录通知"),
    "second-factor-reset": marked("两步验证重置通知"),
    "digest": marked("每日待办"),
    "extended": marked("时间延长通知"),
    "invitation": marked("评审邀请"),
    "nobody-left": marked("专家递补告缺"),
    "objection-received": marked("异议收悉回执"),
    "objection-due": marked("异议办理提醒"),
    "objection-told": marked("异议情况通知"),
    "objection-answered": marked("异议答复"),
    "recusal": marked("回避申请"),
    "revocation-proposed": marked("证书撤销提议"),
    "policy-proposed": marked("政策参数更改提议"),
    "revoked": marked("证书撤销通知"),
    "taken-back": marked("事项撤回通知"),
    "done-for": marked("代办告知"),
    "answer-recorded": marked("电话答复记录通知"),
}
STATES = {
    MessageState.DUE: (marked("待发"), "due"),
    MessageState.SENDING: (marked("发送中"), "current"),
    MessageState.SENT: (marked("已发出"), "sent"),
    MessageState.FAILED: (marked("发送失败"), "failed"),
    MessageState.UNKNOWN: (marked("结果不明"), "unknown"),
}


@dataclass(frozen=True)
class LetterLine:
    """One letter to one person."""

    kind: str
    recipient: str
    address: str
    state: str
    look: str
    posted_at: datetime
    sent_at: datetime | None
    error: str
    locale: str
    subject: str
    text: str


def letter_lines(messages: Sequence[Message], sight: Sight) -> list[LetterLine]:
    """Return the letters as a list shows them; addresses are hidden but from the operator and who asked to see them."""
    return [_line(message, shown=sight.personal or sight.engine) for message in messages]


def _line(message: Message, *, shown: bool) -> LetterLine:
    state, look = STATES[message.state]
    subject, text = _written(message)
    return LetterLine(
        kind=gettext(KINDS.get(message.letter, message.letter)),
        recipient=message.recipient,
        address=message.address if shown else masked_email(message.address),
        state=gettext(state),
        look=look,
        posted_at=message.posted_at,
        sent_at=message.sent_at,
        error=message.error,
        locale=message.locale,
        subject=subject,
        text=text,
    )


def _written(message: Message) -> tuple[str, str]:
    """Return subject and text: as it left, or as it would leave now; a letter that cannot be written is shown bare."""
    if message.text:
        return message.subject, message.text
    try:
        rendered = render(message.letter, message.locale, message.facts)
    except (KeyError, ValueError):
        return message.letter, "\n".join(f"{name}: {fact}" for name, fact in message.facts.items())
    return rendered.subject, rendered.text
