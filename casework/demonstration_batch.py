"""The demonstration's whole batch: sixty invented institutions of all seventeen areas, sixty experts, and what they do.

Every name says 示例 (example). The figures are those of the batch's story: 60 applications, 51 recommended within the
quotas, 48 accepted, 45 passed by three panels of seven and inspected, 30 decided for, 2 objections, 29 published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, select
from stdnum.cn import uscc

from casework.demonstration import PASSWORD
from casework.organisations import PROVINCE, enter_bodies
from core.clock import local, now
from core.errors import NotPermitted
from core.i18n import marked
from core.security import hashed
from core.settings import settings
from models.application import Call
from models.organisation import Organisation, OrganisationKind
from models.person import User, UserRole
from regulation.areas import AREAS, Area
from regulation.policy import Policy
from regulation.roles import Role

CALL = "2026-P"
QUOTA = 3
POLICY = Policy(panel_size=7, quota_each=QUOTA)

APPLICATIONS, EXPERTS, INSPECTORS, PANELS = 60, 60, 6, 3
NOT_ACCEPTED, FAILED, CERTIFIED, OBJECTIONS = 3, 3, 30, 2

KINDS = ("示例职业学院", "示例工程研究院", "示例行业培训中心", "示例专业学会")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


@dataclass(frozen=True)
class Applicant:
    """One institution of the batch: `rank` is its place in its area's list, `place` in the batch, both from 1."""

    place: int
    area: Area
    rank: int

    @property
    def name(self) -> str:
        """Its invented name."""
        return f"{self.area.name}{KINDS[self.rank - 1]}"

    @property
    def email(self) -> str:
        """The address of its account."""
        return f"pi{self.place:02}@example.com"

    @property
    def credit_code(self) -> str:
        """A credit code that nobody has, with a valid check character."""
        base = f"12{self.area.code}MB{self.place:07}"
        return base + str(uscc.calc_check_digit(base))

    @property
    def within_quota(self) -> bool:
        """Whether its body's quota reaches to it."""
        return self.rank <= QUOTA

    def score(self, reviewer: int) -> int:
        """Return what the n-th member of its panel gives, of 100: the first of the batch score best."""
        return max(60, 96 - self.place // 4 - reviewer % 4)


def applicants() -> list[Applicant]:
    """Return the sixty: each area has three, the first nine have a fourth."""
    places = [(area, rank) for rank in range(1, 5) for area in AREAS]
    return [Applicant(place, area, rank) for place, (area, rank) in enumerate(places[:APPLICATIONS], 1)]


def recommender_email(area: Area) -> str:
    """Return the address of the account of an area's bureau."""
    return f"tj{area.code}@example.com"


def expert_email(number: int) -> str:
    """Return the address of the n-th expert's account."""
    return f"zj{number:02}@example.com"


def inspector_email(number: int) -> str:
    """Return the address of the n-th inspector's account."""
    return f"kc{number:02}@example.com"


def enter(session: Session) -> bool:
    """Enter the batch's call and everybody's accounts; says whether they were new."""
    if not settings().embedded:
        raise NotPermitted(marked("演示数据只能在内置演示模式下使用。"))
    if session.exec(select(Call.id).where(Call.code == CALL)).first():
        return False
    bodies = enter_bodies(session)
    password = hashed(PASSWORD)
    for email, name, body, roles in people(session, bodies):
        user = User(email=email, name=name, password_hash=password, organisation_id=body.id)
        session.add(user)
        session.flush()
        session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    session.add(the_call())
    return True


Account = tuple[str, str, Organisation, tuple[Role, ...]]


def people(session: Session, bodies: dict[str, Organisation]) -> Iterator[Account]:
    """Say who gets an account: address, name, organisation, roles; the institutions are entered on the way."""
    for area in AREAS:
        yield recommender_email(area), f"{area.name}示例经办", bodies[area.bureau], (Role.RECOMMENDER,)
    for number in range(1, EXPERTS + 1):
        yield expert_email(number), f"{surname(number)}专家示例{number:02}", bodies[PROVINCE], (Role.EXPERT, Role.CHAIR)
    for number in range(1, INSPECTORS + 1):
        yield inspector_email(number), f"{surname(number)}考察示例{number:02}", bodies[PROVINCE], (Role.INSPECTOR,)
    for one in applicants():
        institution = Organisation(
            kind=OrganisationKind.INSTITUTION, name=one.name, credit_code=one.credit_code, area_code=one.area.code
        )
        session.add(institution)
        session.flush()
        yield one.email, f"{surname(one.place)}经办示例{one.place:02}", institution, (Role.APPLICANT,)


def surname(number: int) -> str:
    """Return a surname for the n-th of many."""
    return SURNAMES[number % len(SURNAMES)]


def the_call() -> Call:
    """Return the batch's call: open now, under the full procedure."""
    opens = local(now()).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return Call(
        code=CALL,
        title="2026年度省级专业技术人员继续教育基地集中申报（演示）",
        notice="本批次按办法全流程办理：推荐名额、形式审查、抽取专家、实地考察、集体审定、公示。（演示数据）",
        opens_at=opens,
        closes_at=opens + timedelta(days=60),
        policy=POLICY.snapshot(),
    )
