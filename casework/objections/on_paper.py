"""Objections on paper: the receipt while it is open, the written answer once there is one; in Chinese, to be sealed."""

from casework.objections.letters import OBJECTOR, REFUSED, RESULTS
from casework.objections.looking import Listed
from casework.organisations import PROVINCE
from core.clock import local, on_paper
from core.typesetting import legible, typeset
from models.objection import ObjectorKind

OFFICE = "专业技术人员管理处（继教办）"
KINDS = {ObjectorKind.PERSON: "个人（实名）", ObjectorKind.UNIT: "单位（加盖公章）"}
RECEIPT, ANSWER = "异议回执", "异议答复书"


def paper(listed: Listed) -> bytes:
    """Set the receipt, or the answer once the objection is settled; it names nobody, like the page it is taken from."""
    one = listed.objection
    settled = one.concluded_at or (one.examined_at if one.accepted is False else None)
    unit, base = legible(listed.unit), legible(listed.base_name)
    filed = on_paper(local(one.filed_at).date())
    on = local(settled or one.filed_at).date()
    data = {
        "title": ANSWER if settled else RECEIPT,
        "number": one.number,
        "unit": OBJECTOR,
        "opening": f"您于{filed}对公示名单中“{unit}”申报的“{base}”提出的异议已收悉。",
        "verdict": _verdict(listed) if settled else f"我厅将决定是否受理，并于{on_paper(one.due_on)}前书面答复。",
        "reasons": [legible(line) for line in one.answer.splitlines() if line.strip()] if settled else [],
        "closing": "特此答复。" if settled else "特此回执。",
        "facts": [
            ("异议编号", one.number),
            ("以何种名义提出", KINDS[one.kind]),
            ("公示名单", legible(listed.publicity.title)),
            ("公示期", f"{on_paper(listed.publicity.first_on)} 至 {on_paper(listed.publicity.last_on)}"),
            ("所异议的申报", f"{listed.case.reference}　{base}"),
        ],
        "papers": [],
        "authority": PROVINCE,
        "office": OFFICE,
        "issued_on": on_paper(on),
    }
    return typeset("notice", data, created=on)


def paper_name(listed: Listed) -> str:
    """Return what the paper's file is called."""
    return f"{ANSWER if listed.objection.answer else RECEIPT}-{listed.objection.number}.pdf"


def _verdict(listed: Listed) -> str:
    one = listed.objection
    outcome = RESULTS[one.result] if one.result else REFUSED
    return f"经{'调查核实' if one.result else '审查'}，结论为：{outcome}。理由如下："
