"""A letter of each kind, with everything it tells."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from models.message import Message
from notifications.rendering import LETTERS

IN_EVERY_LETTER = {
    "recipient": "林晓示例",
    "path": "/cases/JD-2026-0001",
    "reference": "JD-2026-0001",
    "unit": "江汉示例职业技术学院",
    "base_name": "智能制造继续教育基地",
}
A_CALENDAR = {
    "name": "visit.ics",
    "subtype": "calendar",
    "method": "REQUEST",
    "text": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
}
OWN: dict[str, dict[str, Any]] = {
    "receipt": {
        "number": 1,
        "submitted_at": "2026-11-24 15:04",
        "sha256": "a3" * 32,
        "recommender": "武汉市人力资源和社会保障局",
    },
    "assignment": {"duty": "审核并签署推荐意见", "stage": "推荐审核", "due_on": "2026-12-08", "provisional": False},
    "reminder": {"duty": "评审申报材料", "due_on": "2026-12-08", "days_left": 2},
    "late": {"duty": "评审申报材料", "due_on": "2026-12-08", "days_over": 1},
    "overdue": {
        "duty": "实地考察",
        "holder": "何考察示例、马考察示例",
        "due_on": "2026-12-08",
        "days_over": 3,
        "sees": True,
    },
    "returned": {
        "stage": "推荐审核",
        "reasons": "培训人数与附件不一致。",
        "corrections": ["补充近三年培训名册。", "更正专职师资人数。"],
        "due_on": "2026-12-08",
    },
    "refused": {"stage": "专家评审", "reasons": "实训场所不满足教学需要。"},
    "undone": {"stage": "推荐审核", "reasons": "误选结论，应为退回补正。"},
    "policy-proposed": {
        "parameter": "专家评审委员会人数（单数）",
        "value": "7",
        "unit": "人",
        "effective_on": "2027-01-01",
        "basis": "鄂人社函〔2026〕12号（示例）",
        "proposer": "周敏示例",
        "path": "/office/policy/panel_size",
    },
    "delegated": {
        "absent": "王芳示例",
        "deputy": "李明示例",
        "first_on": "2026-12-01",
        "last_on": "2026-12-04",
        "reasons": "外出学习。",
        "duties": 2,
        "path": "/inbox",
    },
    "digest": {
        "open": 4,
        "overdue": ["实地考察 江汉示例职业技术学院（JD-2026-0002），2026-11-20 到期"],
        "soon": ["形式审查 楚天示例工程研究院（JD-2026-0003），2026-11-26 到期"],
        "fresh": ["审定 三峡示例水利学会（JD-2026-0004），2026-12-08 到期"],
        "others": 1,
        "days": 3,
        "path": "/inbox",
    },
    "withdrawn": {"reasons": "单位计划调整"},
    "lapsed": {"due_on": "2026-12-08"},
    "extended": {
        "path": "/calls/2026-1",
        "call": "2026年度第一批申报",
        "closes_at": "2026-12-20 18:00",
        "recommend_by": "2026-12-31 18:00",
        "reasons": "系统维护一日，申报时间相应延长。",
    },
    "relieved": {"duty": "评审申报材料"},
    "replaced": {"duty": "实地考察"},
    "taken-back": {"duty": "作出评审结论"},
    "done-for": {
        "duty": "审核并签署推荐意见",
        "outcome": "同意推荐",
        "deputy": "李明示例",
        "absent": "王芳示例",
        "at": "2026-12-02 10:15",
    },
    "invitation": {"due_on": "2026-12-08", "provisional": False, "leads": True, "count": 1},
    "answer-recorded": {
        "outcome": "decline",
        "spoken_at": "2026-12-04 10:30",
        "recorded_by": "周敏示例",
        "reasons": "当周在京参加答辩。",
        "count": 2,
        "path": "/inbox",
    },
    "nobody-left": {"count": 3},
    "recusal": {"expert": "赵教授示例", "reasons": "与申报单位负责人为近亲属。"},
    "clarification": {"question": "专职教师名单中有 3 人同时列入兼职名单，请说明。", "due_on": "2026-12-08"},
    "clarified": {
        "question": "专职教师名单中有 3 人同时列入兼职名单，请说明。",
        "due_on": "2026-12-08",
        "answer": "该 3 人今年 3 月起转为专职，兼职名单所列为此前的聘期。",
    },
    "certified": {
        "number": "鄂继教基地〔2026〕0001号",
        "issued_on": "2026-12-18",
        "verification_path": "/verify/Zk3n0c8Q",
        "register_path": "/register",
    },
    "announced": {
        "number": "鄂继教基地〔2026〕0001号",
        "document": "鄂人社函〔2026〕128号",
        "document_title": "关于公布湖北省专业技术人员继续教育基地名单的通知",
        "dated_on": "2026-12-21",
        "announcement_path": "/announcements/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1",
    },
    "accepted": {"number": "鄂继教受〔2026〕0001号", "issued_on": "2026-12-08"},
    "place-free": {"call": "2026年度第一批申报", "path": "/recommendations/2026-1"},
    "visit-offered": {"days": ["2026-12-01", "2026-12-03"], "note": "上午九点到校，请备齐原件。"},
    "visit-declined": {"reasons": "当周组织全省统考。", "days": ["2026-12-09", "2026-12-10"]},
    "visit-agreed": {
        "day": "2026-12-03",
        "before": "2026-12-01",
        "note": "上午九点到校，请备齐原件。",
        "reasons": "道路积雪。",
        "attachments": [A_CALENDAR],
    },
    "visit-cancelled": {"day": "2026-12-03", "reasons": "另行安排。", "attachments": [A_CALENDAR]},
    "objection-received": {
        "filed_at": "2026-09-29 10:12",
        "due_on": "2026-11-05",
        "path": "/objections/q3Zx8sT1kLmN0pQrq3Zx8sT1kLmN0pQr",
    },
    "objection-answered": {
        "outcome": "异议不成立",
        "reasons": "经核查，所反映的情况与事实不符。",
        "due_on": "2026-11-05",
        "final": True,
        "path": "/objections/q3Zx8sT1kLmN0pQrq3Zx8sT1kLmN0pQr",
    },
    "objection-told": {
        "number": "异议〔2026〕0001号",
        "outcome": "受理",
        "reasons": "反映近三年培训人数不实。",
        "open": True,
    },
    "objection-due": {"number": "异议〔2026〕0001号", "new": True, "due_on": "2026-11-05", "days_left": 20},
    "revocation-proposed": {
        "number": "鄂继教基地〔2026〕0001号",
        "basis": "《行政许可法》第六十九条",
        "reasons": "经查，申报材料不实。",
    },
    "revoked": {
        "number": "鄂继教基地〔2026〕0001号",
        "basis": "《行政许可法》第六十九条",
        "reasons": "经查，申报材料不实。",
        "verification_path": "/verify/Zk3n0c8Q",
    },
    "account-opened": {
        "account": "xin@example.com",
        "organisation": "湖北省示例厅",
        "until": "2026-12-01 15:04",
        "path": "/invitations/q3Zx8sT1kLmN0pQrq3Zx8sT1kLmN0pQr",
    },
    "password-reset": {
        "account": "xin@example.com",
        "until": "2026-11-24 16:04",
        "by": "",
        "path": "/password-resets/q3Zx8sT1kLmN",
    },
    "account-locked": {"failures": 5, "at": "2026-11-24 15:04", "path": "/forgotten"},
    "second-factor-reset": {
        "by": "秦管示例",
        "reasons": "本人手机遗失，已当面核实。",
        "at": "2026-11-24 15:04",
        "path": "/sign-in",
    },
    "stalled": {"step": "issue_certificate", "error": "OSError: no space left", "path": "/operator/stalled"},
    "by-hand-proposed": {
        "part": "告知函件",
        "meaning": "已用书面、电话等方式告知有关人员；系统不再生成本步骤的函件。",
        "of_step": "办结环节",
        "reasons": "9 月 14 日电话告知王主任。",
        "proposer": "吴工示例",
        "path": "/operator/by-hand",
    },
}


def facts(letter: str, **others: object) -> dict[str, Any]:
    """Return what a letter of this kind tells, no more than it must; `others` replace or add."""
    about_a_case = IN_EVERY_LETTER if "reference" in LETTERS[letter] else {"recipient": IN_EVERY_LETTER["recipient"]}
    told = about_a_case | OWN[letter]
    assert told.keys() == LETTERS[letter]
    return told | others


def a_message(letter: str = "relieved", number: int = 1, **others: Any) -> Message:
    """Return a posted letter that is due."""
    identity = UUID(int=number)
    told = others.pop("facts", None) or facts(letter)
    return Message(
        id=identity,
        key=f"{letter}/{number}",
        letter=letter,
        address=others.pop("address", f"reader{number}@example.com"),
        recipient=told["recipient"],
        facts=told,
        message_id=f"<{identity}@example.com>",
        posted_at=others.pop("posted_at", datetime(2026, 11, 24, 7, 4, number % 60, tzinfo=UTC)),
        next_attempt_at=others.pop("next_attempt_at", datetime(2026, 11, 24, 7, 4, number % 60, tzinfo=UTC)),
        **others,
    )
