"""Who takes part, in the terms of articles 5 and 15."""

from enum import StrEnum

from core.i18n import marked


class Role(StrEnum):
    """What a person may be in the procedure."""

    APPLICANT = "applicant"
    RECOMMENDER = "recommender"
    OFFICE = "office"
    EXPERT = "expert"
    CHAIR = "chair"
    INSPECTOR = "inspector"
    DECIDER = "decider"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PUBLIC = "public"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese term."""
        return TITLES[self]


TITLES = {
    Role.APPLICANT: marked("申报单位"),
    Role.RECOMMENDER: marked("推荐单位"),
    Role.OFFICE: marked("继教办"),
    Role.EXPERT: marked("评审专家"),
    Role.CHAIR: marked("主任委员"),
    Role.INSPECTOR: marked("考察人员"),
    Role.DECIDER: marked("领导小组"),
    Role.OPERATOR: marked("系统运维"),
    Role.ADMINISTRATOR: marked("系统管理员"),
    Role.AUDITOR: marked("审计监督"),
    Role.PUBLIC: marked("社会公众"),
}

STAFF = frozenset(Role) - {Role.APPLICANT, Role.PUBLIC}
"""Roles that the administrator gives; applicants register themselves, the public needs no account."""
POOL = frozenset({Role.EXPERT, Role.CHAIR})
"""Roles that the office gives with an entry in the experts' pool."""
APART = frozenset({Role.ADMINISTRATOR})
"""Roles that are held with no other: whoever manages accounts touches no case (等级保护, 管理用户权限分离)."""


class Duty(StrEnum):
    """What an assignment asks of whoever holds it."""

    CORRECT = "correct"
    RECOMMEND = "recommend"
    CHECK_FORM = "check-form"
    ASSEMBLE_PANEL = "assemble-panel"
    ANSWER = "answer"
    REVIEW = "review"
    CONCLUDE = "conclude"
    ASSEMBLE_TEAM = "assemble-team"
    INSPECT = "inspect"
    CERTIFY = "certify"
    PUBLICISE = "publicise"
    RECONSIDER = "reconsider"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese name of the duty."""
        return DUTY_TITLES[self]

    @property
    def role(self) -> Role:
        """Who carries it."""
        return DUTY_ROLES[self]


PERSONAL = frozenset({Duty.ANSWER, Duty.REVIEW, Duty.CONCLUDE, Duty.CERTIFY, Duty.RECONSIDER})
"""Duties of judgement: whoever reviews or decides answers for it personally, so nobody does it in another's place."""

PARTS = {
    Duty.RECOMMEND: "accepting",
    Duty.CHECK_FORM: "accepting",
    Duty.REVIEW: "scoring",
    Duty.CONCLUDE: "scoring",
    Duty.INSPECT: "scoring",
    Duty.CERTIFY: "deciding",
    Duty.RECONSIDER: "deciding",
}
"""The three parts of which nobody has two in one case: letting it in, judging it, deciding it."""

DUTY_TITLES = {
    Duty.CORRECT: marked("补正申报材料"),
    Duty.RECOMMEND: marked("审核并签署推荐意见"),
    Duty.CHECK_FORM: marked("形式审查"),
    Duty.ASSEMBLE_PANEL: marked("组建专家评审委员会"),
    Duty.ANSWER: marked("答复评审邀请"),
    Duty.REVIEW: marked("评审申报材料"),
    Duty.CONCLUDE: marked("作出评审结论"),
    Duty.ASSEMBLE_TEAM: marked("安排实地考察"),
    Duty.INSPECT: marked("实地考察"),
    Duty.CERTIFY: marked("审定"),
    Duty.PUBLICISE: marked("发布公示"),
    Duty.RECONSIDER: marked("复核审定"),
}

DUTY_ROLES = {
    Duty.CORRECT: Role.APPLICANT,
    Duty.RECOMMEND: Role.RECOMMENDER,
    Duty.CHECK_FORM: Role.OFFICE,
    Duty.ASSEMBLE_PANEL: Role.OFFICE,
    Duty.ANSWER: Role.EXPERT,
    Duty.REVIEW: Role.EXPERT,
    Duty.CONCLUDE: Role.CHAIR,
    Duty.ASSEMBLE_TEAM: Role.OFFICE,
    Duty.INSPECT: Role.INSPECTOR,
    Duty.CERTIFY: Role.DECIDER,
    Duty.PUBLICISE: Role.OFFICE,
    Duty.RECONSIDER: Role.DECIDER,
}

DUTY_PERIODS = {
    Duty.CORRECT: "correction_days",
    Duty.RECOMMEND: "local_review_days",
    Duty.CHECK_FORM: "acceptance_days",
    Duty.ASSEMBLE_PANEL: "panel_days",
    Duty.ANSWER: "invitation_days",
    Duty.REVIEW: "review_days",
    Duty.CONCLUDE: "conclusion_days",
    Duty.ASSEMBLE_TEAM: "team_days",
    Duty.INSPECT: "inspection_days",
    Duty.CERTIFY: "certification_days",
    Duty.PUBLICISE: "announcing_days",
    Duty.RECONSIDER: "certification_days",
}
"""The policy's parameter that says how many working days a duty has."""
