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
OWN: dict[str, dict[str, Any]] = {
    "receipt": {
        "number": 1,
        "submitted_at": "2026-11-24 15:04",
        "sha256": "a3" * 32,
        "recommender": "武汉市人力资源和社会保障局",
    },
    "assignment": {"duty": "审核并签署推荐意见", "stage": "推荐审核", "due_on": "2026-12-08", "provisional": False},
    "reminder": {"duty": "评审申报材料", "due_on": "2026-12-08", "days_left": 2},
    "overdue": {"duty": "实地考察", "holder": "何考察示例、马考察示例", "due_on": "2026-12-08", "days_over": 3},
    "returned": {
        "stage": "推荐审核",
        "reasons": "培训人数与附件不一致。",
        "corrections": ["补充近三年培训名册。", "更正专职师资人数。"],
        "due_on": "2026-12-08",
    },
    "refused": {"stage": "专家评审", "reasons": "实训场所不满足教学需要。"},
    "withdrawn": {"reasons": "单位计划调整"},
    "lapsed": {"due_on": "2026-12-08"},
    "relieved": {"duty": "评审申报材料"},
    "replaced": {"duty": "实地考察"},
    "certified": {
        "number": "鄂继教基地〔2026〕0001号",
        "issued_on": "2026-12-18",
        "verification_path": "/verify/Zk3n0c8Q",
        "register_path": "/register",
    },
    "stalled": {"step": "issue_certificate", "error": "OSError: no space left", "path": "/operator/stalled"},
}


def facts(letter: str, **others: object) -> dict[str, Any]:
    """Return what a letter of this kind tells, no more than it must; `others` replace or add."""
    told = IN_EVERY_LETTER | OWN[letter]
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
