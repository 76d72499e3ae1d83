"""Check lists: what the recommending body examines (Art. 4, 5) and what the office checks of the form (Art. 5(3))."""

from dataclasses import dataclass

from core.i18n import marked
from regulation.roles import Duty

LICENSING_LAW = "行政许可法 Art. 32 (model)"
YES, NO, NOT_APPLICABLE = "yes", "no", "not-applicable"


@dataclass(frozen=True)
class CheckItem:
    """One point of a check list, with its article.

    `declared` names what the application says of it (see `pages.reviewer_declared`), to be read beside the point;
    `conditional` points may be answered with 不涉及: they bind only some fields or some institutions.
    """

    key: str
    title: str
    source: str
    declared: str = ""
    conditional: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be answered."""
        return (YES, NO, NOT_APPLICABLE) if self.conditional else (YES, NO)


RECOMMENDING: tuple[CheckItem, ...] = (
    CheckItem("influence", marked("在本地区、本行业具有一定影响，培养培训经验丰富"), "Art. 4"),
    CheckItem("kind", marked("属于规定的申报主体范围"), "Art. 5(2)"),
    CheckItem("qualified", marked("施教机构有培训资质，证件在有效期内"), "Art. 4(1)"),
    CheckItem("faculty", marked("专（兼）职师资稳定，水平和公认度较高"), "Art. 4(1)", "faculty"),
    CheckItem("management", marked("继续教育管理机构健全，有专（兼）职管理人员"), "Art. 4(2)", "management"),
    CheckItem("systems", marked("八项管理制度齐备，并有文本"), "Art. 4(2)"),
    CheckItem("funds", marked("能为基地建设和日常工作提供配套经费"), "Art. 4(3)", "funds"),
    CheckItem("premises", marked("教室、设备、图书资料与培训任务相适应"), "Art. 4(3)", "premises"),
    CheckItem("practice", marked("专业性强的领域有实训场所或实训合作单位"), "Art. 4(3)", conditional=True),
    CheckItem("field", marked("围绕重点领域、支柱产业、战略性新兴产业等开展培训"), "Art. 4(4)"),
    CheckItem("training", marked("每年培训专业技术人才达到规定人数"), "Art. 4(4)", "training"),
    CheckItem("papers", marked("申报表填写完整，附件齐全，与原件一致"), "Art. 5(3)"),
)
"""What a recommending body answers for: each condition of article 4, and the papers."""

ACCEPTING: tuple[CheckItem, ...] = (
    CheckItem("form", marked("申报表各项填写完整，签署了真实性承诺"), "Art. 5(3)"),
    CheckItem("seals", marked("申报单位和推荐单位的签字、盖章齐全"), "Art. 5(3)"),
    CheckItem("opinion", marked("推荐单位签署了同意推荐的意见"), "Art. 5(3)"),
    CheckItem("materials", marked("附件齐全、清晰，与申报内容对应"), LICENSING_LAW),
    CheckItem("scope", marked("属于本批次受理范围，在规定时间内报送"), "Art. 3, 5"),
)
"""What the office checks: the form of the papers, not their merit."""

CHECKS: dict[Duty, tuple[CheckItem, ...]] = {Duty.RECOMMEND: RECOMMENDING, Duty.CHECK_FORM: ACCEPTING}
"""The duties that answer a check list."""

STAGE_CHECKS = {"local-review": RECOMMENDING, "acceptance": ACCEPTING}
"""The check lists by the stage whose decision stands on them."""

ANSWERS = {YES: marked("符合"), NO: marked("不符合"), NOT_APPLICABLE: marked("不涉及")}
"""What an answer is called."""
