"""The parameters a lawyer could change in an annex, each with its unit and its source; every call keeps a snapshot.

Articles after 15 are lost, so whatever the visible text does not fix is marked "assumed" and shown as such.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.i18n import gettext, marked
from regulation.provenance import ASSUMED, Provenance

LICENSING_LAW = "行政许可法 Art. 32 (model)"
SISTERS = "湖北省同类认定项目 (model)"
TOO_SMALL = marked("“{title}”不得小于 {least}。")
TOO_LARGE = marked("“{title}”不得大于 {most}。")
NOT_WHOLE = marked("“{title}”应为整数。")
NOT_ODD = marked("专家评审委员会人数应为单数。")
WORKING_DAYS = marked("个工作日")
YES_OR_NO = marked("1 是，0 否")


def parameter(  # noqa: PLR0913 - a parameter has these parts
    default: float,
    title: str,
    unit: str,
    source: str = ASSUMED,
    *,
    least: float = 1,
    most: float = 10_000,
    absent: float | None = None,
) -> Any:  # noqa: ANN401 - a dataclass field
    """Declare one parameter with what people need to know about it.

    `absent` is its value for a call whose snapshot is older than the parameter: such a call goes on as it was opened.
    """
    return field(
        default=default,
        metadata={"title": title, "unit": unit, "source": source, "least": least, "most": most, "absent": absent},
    )


@dataclass(frozen=True)
class Policy:
    """One set of parameters, as valid for one call, in the order of the procedure.

    `materials` are the papers that must be attached, None: those that the regulation's form asks for.
    """

    trained_per_year: int = parameter(500, marked("年培训专业技术人才不少于"), marked("人/年"), "Art. 4(4)", least=500)
    years_declared: int = parameter(3, marked("填报培训业绩的年数"), marked("年"))
    teachers_per_subject: int = parameter(3, marked("每个培训专业的师资不少于"), marked("人"))
    quota_in_all: int = parameter(0, marked("本批次名额总数（0 为不限）"), marked("个"), least=0)
    quota_each: int = parameter(0, marked("每个推荐单位名额（0 为不限）"), marked("个"), least=0)
    local_review_days: int = parameter(10, marked("推荐审核期限"), WORKING_DAYS)
    correction_days: int = parameter(5, marked("补正期限"), WORKING_DAYS)
    returns_per_stage: int = parameter(1, marked("每个环节可退回补正"), marked("次"), LICENSING_LAW, least=0)
    acceptance_days: int = parameter(
        5, marked("形式审查期限（0 为不设形式审查）"), WORKING_DAYS, LICENSING_LAW, least=0, absent=0
    )
    silence_accepts: int = parameter(
        1, marked("逾期未告知即视为受理"), YES_OR_NO, LICENSING_LAW, least=0, most=1, absent=0
    )
    panel_days: int = parameter(5, marked("组建专家评审委员会期限"), WORKING_DAYS)
    panel_size: int = parameter(5, marked("专家评审委员会人数（单数）"), marked("人"), least=3, most=49)
    continuing_education_share: float = parameter(
        50, marked("继续教育专家不少于"), marked("%"), least=0, most=100, absent=0
    )
    field_experts: int = parameter(1, marked("申报领域专家不少于"), marked("人"), "Art. 5(4)", least=0, absent=0)
    employer_years: int = parameter(3, marked("曾在申报单位任职的回避年限"), marked("年"), least=0)
    invitation_days: int = parameter(3, marked("专家答复邀请期限"), WORKING_DAYS)
    review_days: int = parameter(10, marked("专家评审期限"), WORKING_DAYS)
    conclusion_days: int = parameter(3, marked("评审结论期限"), WORKING_DAYS)
    pass_mark: float = parameter(80, marked("评审通过的平均分"), marked("分"), most=100)
    drop_extremes_from: int = parameter(
        7, marked("评审人数达到此数时去掉一个最高分和一个最低分（0 为不去）"), marked("人"), least=0, absent=0
    )
    vote_share: float = parameter(66.6, marked("同意票占参评人数不少于"), marked("%"), least=0, most=100, absent=0)
    quorum_share: float = parameter(
        66.6, marked("参评人数占委员会人数不少于"), marked("%"), least=0, most=100, absent=0
    )
    visit_first: int = parameter(0, marked("先实地考察、后专家评审"), YES_OR_NO, least=0, most=1, absent=0)
    team_days: int = parameter(5, marked("安排实地考察期限"), WORKING_DAYS)
    team_size: int = parameter(2, marked("考察人员不少于"), marked("人"))
    visit_signatures: int = parameter(
        2, marked("考察记录签名的考察人员不少于（0 为不要求签名）"), marked("人"), least=0, most=20, absent=0
    )
    inspection_days: int = parameter(15, marked("实地考察期限"), WORKING_DAYS)
    difference_flag: float = parameter(
        10, marked("实地数据与申报数据相差超过此数时标出"), marked("%"), least=0, most=100
    )
    certification_days: int = parameter(10, marked("审定期限"), WORKING_DAYS)
    minutes_required: int = parameter(1, marked("审定须载明会议日期和纪要文号"), YES_OR_NO, least=0, most=1, absent=0)
    announcing_days: int = parameter(5, marked("发布公示期限"), WORKING_DAYS)
    publicity_days: int = parameter(5, marked("公示期（0 为不公示）"), WORKING_DAYS, SISTERS, least=0, absent=0)
    count_first_day: int = parameter(1, marked("公示首日计入公示期"), YES_OR_NO, SISTERS, least=0, most=1)
    objection_days: int = parameter(20, marked("异议办理期限"), WORKING_DAYS)
    validity_years: int = parameter(5, marked("证书有效期（0 为长期）"), marked("年"), least=0, absent=0)
    undo_days: int = parameter(1, marked("误作结论可撤回的期限"), WORKING_DAYS, least=0)
    reminder_days: int = parameter(2, marked("到期前提醒"), WORKING_DAYS, least=0)
    escalation_days: int = parameter(3, marked("逾期后报上级"), WORKING_DAYS, least=0)
    materials: tuple[str, ...] | None = None

    @property
    def skipped(self) -> frozenset[str]:
        """The stages, by key, that this call does without."""
        days = {"acceptance": self.acceptance_days, "publicity": self.publicity_days}
        return frozenset(key for key, given in days.items() if not given)

    def snapshot(self) -> dict[str, Any]:
        """Return the parameters as JSON for a call to keep."""
        kept = asdict(self)
        if self.materials is None:
            del kept["materials"]
        else:
            kept["materials"] = list(self.materials)
        return kept


NUMBERS = tuple(one for one in fields(Policy) if one.metadata)
"""The parameters; whatever else a policy says is no number."""
PARAMETERS = {one.name: one for one in NUMBERS}


@dataclass(frozen=True)
class Parameter:
    """One parameter as a person reads it."""

    key: str
    title: str
    value: float
    unit: str
    provenance: Provenance

    @property
    def source(self) -> str:
        """What it rests on: `Art. 4(4)`, the name of a decision, or `assumed`."""
        return self.provenance.citation or ASSUMED

    @property
    def assumed(self) -> bool:
        """Whether neither a visible article nor a decision fixes it."""
        return self.provenance.assumed


def policy_of(snapshot: Mapping[str, Any]) -> Policy:
    """Return the policy of a stored snapshot; see `parameter` for one that is younger than the snapshot."""
    kept = {one.name: snapshot.get(one.name, one.metadata["absent"]) for one in NUMBERS}
    materials = snapshot.get("materials")
    policy = Policy(**{name: value for name, value in kept.items() if value is not None})
    return policy if materials is None else replace(policy, materials=tuple(materials))


def parameters(policy: Policy) -> list[Parameter]:
    """List the parameters in the order of the procedure, for people; they rest on what is declared above."""
    return [
        Parameter(
            one.name,
            one.metadata["title"],
            getattr(policy, one.name),
            one.metadata["unit"],
            Provenance.declared(one.metadata["source"]),
        )
        for one in NUMBERS
    ]


def problems(policy: Policy) -> dict[str, str]:
    """Return what is wrong with a policy, parameter → sentence; empty when it can be used."""
    found = {one.name: problem(one.name, getattr(policy, one.name)) for one in NUMBERS}
    return {name: sentence for name, sentence in found.items() if sentence}


def problem(name: str, value: float) -> str:
    """Return what is wrong with one parameter's value in a sentence, or nothing."""
    of = PARAMETERS[name].metadata
    title = gettext(of["title"])
    if value < of["least"]:
        return gettext(TOO_SMALL, title=title, least=of["least"])
    if value > of["most"]:
        return gettext(TOO_LARGE, title=title, most=of["most"])
    if is_whole(name) and value != int(value):
        return gettext(NOT_WHOLE, title=title)
    return gettext(NOT_ODD) if name == "panel_size" and value % 2 == 0 else ""


def is_whole(name: str) -> bool:
    """Whether a parameter is a whole number; the others may have a fraction."""
    return PARAMETERS[name].type is int
