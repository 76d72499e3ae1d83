"""The parameters a lawyer could change in an annex, each with its unit and its source; every call keeps a snapshot.

Articles after 15 are lost, so whatever the visible text does not fix is marked "assumed" and shown as such.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core.i18n import marked

ASSUMED = "assumed"
WORKING_DAYS = marked("个工作日")


def parameter(default: float, title: str, unit: str, source: str = ASSUMED, *, least: float = 1) -> Any:  # noqa: ANN401 - a dataclass field
    """Declare one parameter with what people need to know about it."""
    return field(default=default, metadata={"title": title, "unit": unit, "source": source, "least": least})


@dataclass(frozen=True)
class Policy:
    """One set of parameters, as valid for one call."""

    trained_per_year: int = parameter(500, marked("年培训专业技术人才不少于"), marked("人/年"), "Art. 4(4)")
    years_declared: int = parameter(3, marked("填报培训业绩的年数"), marked("年"))
    teachers_per_subject: int = parameter(3, marked("每个培训专业的师资不少于"), marked("人"))
    local_review_days: int = parameter(10, marked("推荐审核期限"), WORKING_DAYS)
    correction_days: int = parameter(5, marked("补正期限"), WORKING_DAYS)
    returns_per_stage: int = parameter(
        1, marked("每个环节可退回补正"), marked("次"), "行政许可法 Art. 32 (model)", least=0
    )
    panel_days: int = parameter(5, marked("组建专家评审委员会期限"), WORKING_DAYS)
    panel_size: int = parameter(5, marked("专家评审委员会人数（单数）"), marked("人"), least=3)
    review_days: int = parameter(10, marked("专家评审期限"), WORKING_DAYS)
    conclusion_days: int = parameter(3, marked("评审结论期限"), WORKING_DAYS)
    pass_mark: float = parameter(80, marked("评审通过的平均分"), marked("分"))
    team_days: int = parameter(5, marked("安排实地考察期限"), WORKING_DAYS)
    team_size: int = parameter(2, marked("考察人员不少于"), marked("人"))
    inspection_days: int = parameter(15, marked("实地考察期限"), WORKING_DAYS)
    certification_days: int = parameter(10, marked("审定期限"), WORKING_DAYS)
    reminder_days: int = parameter(2, marked("到期前提醒"), WORKING_DAYS, least=0)

    def snapshot(self) -> dict[str, Any]:
        """Return the parameters as JSON for a call to keep."""
        return asdict(self)


@dataclass(frozen=True)
class Parameter:
    """One parameter as a person reads it."""

    key: str
    title: str
    value: float
    unit: str
    source: str

    @property
    def assumed(self) -> bool:
        """Whether no visible article fixes it."""
        return self.source == ASSUMED


def policy_of(snapshot: Mapping[str, Any]) -> Policy:
    """Return the policy of a stored snapshot; a parameter younger than the snapshot has its default."""
    known = {f.name for f in fields(Policy)}
    return Policy(**{k: v for k, v in snapshot.items() if k in known})


def parameters(policy: Policy) -> list[Parameter]:
    """List the parameters in the order of the procedure, for people."""
    return [
        Parameter(f.name, f.metadata["title"], getattr(policy, f.name), f.metadata["unit"], f.metadata["source"])
        for f in fields(Policy)
    ]


def problems(policy: Policy) -> dict[str, str]:
    """Return what is wrong with a policy, parameter → Chinese sentence; empty when it can be used."""
    found = {
        f.name: marked("数值过小，请重新填写。")
        for f in fields(Policy)
        if getattr(policy, f.name) < f.metadata["least"]
    }
    if policy.panel_size % 2 == 0:
        found["panel_size"] = marked("专家评审委员会人数应为单数。")
    if policy.pass_mark > 100:
        found["pass_mark"] = marked("平均分不能超过 100 分。")
    return found
