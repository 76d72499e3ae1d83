"""Demonstration data: invented people and institutions, made once, in the embedded mode only.

Every name says 示例 (example); the e-mail addresses end in example.com, which belongs to nobody.
"""

from datetime import timedelta

from sqlmodel import Session, select

from casework.organisations import PROVINCE, enter_bodies
from casework.people import add_user
from core.clock import local, now
from core.errors import NotPermitted
from core.i18n import marked
from core.settings import settings
from models.application import Call
from models.organisation import Organisation, OrganisationKind
from models.person import User
from regulation.policy import Policy
from regulation.roles import Role

PASSWORD = "jidi-yanshi-2026"  # noqa: S105 - works in the embedded mode only
"""The password of every demonstration account."""

HOME = "武汉市人力资源和社会保障局"

INSTITUTIONS = (
    ("江汉示例职业技术学院", "12420000000000019Q", "420100", "shenbao@example.com", "林晓示例"),
    ("楚天示例工程研究院", "12420100T000000283", "420100", "shenbao2@example.com", "方远示例"),
    ("荆襄示例装备集团培训中心", "91420100MA4T000513", "420600", "shenbao3@example.com", "石磊示例"),
    ("三峡示例水利学会", "51420000T00000036P", "420500", "shenbao4@example.com", "江月示例"),
)

STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    (PROVINCE, "jijiaoban@example.com", "周敏示例", (Role.OFFICE,)),
    (PROVINCE, "lingdao@example.com", "陈国示例", (Role.DECIDER,)),
    (PROVINCE, "yunwei@example.com", "吴工示例", (Role.OPERATOR,)),
    (PROVINCE, "guanli@example.com", "秦管示例", (Role.ADMINISTRATOR,)),
    (PROVINCE, "shenji@example.com", "郑清示例", (Role.AUDITOR,)),
    (HOME, "tuijian@example.com", "王芳示例", (Role.RECOMMENDER,)),
    (PROVINCE, "zhuren@example.com", "黄主任示例", (Role.EXPERT, Role.CHAIR)),
    (PROVINCE, "zhuanjia1@example.com", "赵教授示例", (Role.EXPERT,)),
    (PROVINCE, "zhuanjia2@example.com", "钱教授示例", (Role.EXPERT,)),
    (PROVINCE, "zhuanjia3@example.com", "孙教授示例", (Role.EXPERT,)),
    (PROVINCE, "zhuanjia4@example.com", "李教授示例", (Role.EXPERT,)),
    (PROVINCE, "kaocha1@example.com", "何考察示例", (Role.INSPECTOR,)),
    (PROVINCE, "kaocha2@example.com", "马考察示例", (Role.INSPECTOR,)),
)

CALL = "2026-1"
POLICY = Policy(
    panel_size=3, acceptance_days=0, continuing_education_share=0, field_experts=0, drop_extremes_from=0, vote_share=0,
    quorum_share=0, minutes_required=0, publicity_days=0, validity_years=0,
    visit_signatures=0,
)  # fmt: skip
"""As little as the regulation asks for, so that a demonstration stays short."""


def seed(session: Session) -> bool:
    """Enter the demonstration data; says whether anything was new."""
    if not settings().embedded:
        raise NotPermitted(marked("演示数据只能在内置演示模式下使用。"))
    if session.exec(select(User.id).limit(1)).first():
        return False
    bodies = enter_bodies(session)
    for body, email, name, roles in STAFF:
        add_user(session, email, name, PASSWORD, of=bodies[body], roles=list(roles))
    for name, code, area, email, person in INSTITUTIONS:
        institution = Organisation(kind=OrganisationKind.INSTITUTION, name=name, credit_code=code, area_code=area)
        session.add(institution)
        session.flush()
        add_user(session, email, person, PASSWORD, of=institution, roles=[Role.APPLICANT])
    session.add(demonstration_call())
    return True


def demonstration_call() -> Call:
    """Return a call that is open now, with a panel of three so that a demonstration stays short."""
    opens = local(now()).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return Call(
        code=CALL,
        title="2026年度第一批湖北省专业技术人员继续教育基地申报（演示）",
        notice=(
            "根据《湖北省专业技术人员继续教育基地建设与管理暂行办法》（鄂人社发〔2015〕25号），"
            "现开展2026年度第一批省级继续教育基地申报工作。符合条件的施教机构自愿申报，"
            "由市、州人力资源和社会保障部门或行业主管部门审核推荐。（本批次为演示数据）"
        ),
        opens_at=opens,
        closes_at=opens + timedelta(days=60),
        policy=POLICY.snapshot(),
    )
