"""The demonstration's whole batch: sixty invented institutions of all seventeen areas, sixty experts, and what they do.

Every name says 示例 (example). The figures are those of the batch's story: 60 applications, 51 recommended within the
quotas, 48 accepted, 45 passed by three panels of seven and inspected, 30 decided for, 2 objections, 29 published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, select
from stdnum.cn import uscc

from casework.demonstration import PASSWORD
from casework.experts.importing import COLUMNS
from casework.organisations import PROVINCE, enter_bodies
from core.errors import NotPermitted
from core.i18n import marked
from core.security import hashed
from core.settings import settings
from core.spreadsheets import Table, write
from models.organisation import Organisation, OrganisationKind
from models.person import User, UserRole
from regulation.areas import AREAS, Area
from regulation.policy import Policy
from regulation.roles import Role
from regulation.sheet import DEFAULT

QUOTA = 3
POLICY = Policy(panel_size=7, quota_each=QUOTA)
DECISION = "省人社厅2026年第1次厅务会（演示）"
"""What the batch's own rules rest on."""

APPLICATIONS, EXPERTS, INSPECTORS, PANELS = 60, 60, 6, 3
NOT_ACCEPTED, FAILED, CERTIFIED = 3, 3, 30
FAILING = 65
"""What everybody gives those who fail, of 100."""

KIND_AND_FIELD = (("继续教育专家", ""), ("领域专家", "新一代信息技术、高端装备"))
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


def expert_name(number: int) -> str:
    """Return the invented name of the n-th expert."""
    return f"{surname(number)}专家示例{number:02}"


def inspector_email(number: int) -> str:
    """Return the address of the n-th inspector's account."""
    return f"kc{number:02}@example.com"


def inspector_name(number: int) -> str:
    """Return the invented name of the n-th inspector."""
    return f"{surname(number)}考察示例{number:02}"


def enter(session: Session) -> bool:
    """Enter everybody's accounts, the experts' without a profile; says whether they were new."""
    if not settings().embedded:
        raise NotPermitted(marked("演示数据只能在内置演示模式下使用。"))
    if session.exec(select(User.id).where(User.email == expert_email(1))).first():
        return False
    bodies = enter_bodies(session)
    password = hashed(PASSWORD)
    for email, name, body, roles in people(session, bodies):
        user = User(email=email, name=name, password_hash=password, organisation_id=body.id)
        session.add(user)
        session.flush()
        session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    return True


Account = tuple[str, str, Organisation, tuple[Role, ...]]


def people(session: Session, bodies: dict[str, Organisation]) -> Iterator[Account]:
    """Say who gets an account: address, name, organisation, roles; the institutions are entered on the way."""
    for area in AREAS:
        yield recommender_email(area), f"{area.name}示例经办", bodies[area.bureau], (Role.RECOMMENDER,)
    for number in range(1, EXPERTS + 1):
        yield expert_email(number), expert_name(number), bodies[PROVINCE], (Role.EXPERT,)
    for number in range(1, INSPECTORS + 1):
        yield inspector_email(number), inspector_name(number), bodies[PROVINCE], (Role.INSPECTOR,)
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


def pool() -> bytes:
    """Write the experts as the workbook that the office imports: half of each kind, every fourth may chair."""
    rows = [
        (expert_name(n), expert_email(n), "教授", *KIND_AND_FIELD[n % 2], "否" if n % 4 else "是", f"示例大学{n:02}",
         "2026-01-01", "2028-12-31", f"示例大学{n:02}", "", "2012-07-01", "")
        for n in range(1, EXPERTS + 1)
    ]  # fmt: skip
    return write(Table("专家库", COLUMNS, rows))


def marks(score: int) -> dict[str, int]:
    """Spread a score of 100 over the items of the scoring sheet."""
    given = {item.key: item.points * score // 100 for item in DEFAULT.items}
    lacking = score - sum(given.values())
    for item in sorted(DEFAULT.items, key=lambda one: given[one.key] - one.points)[:lacking]:
        given[item.key] += 1
    return given
