"""The bodies of articles 5 and 15: the province's department, the 17 areas' bureaux, the industry departments."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.errors import Fault
from core.i18n import marked
from models.organisation import Organisation, OrganisationKind
from regulation.areas import AREA_NAMES, AREAS, DEPARTMENTS

PROVINCE = "湖北省人力资源和社会保障厅"

KINDS = {
    OrganisationKind.PROVINCE: marked("省级机构"),
    OrganisationKind.AREA_BUREAU: marked("市州人社局"),
    OrganisationKind.DEPARTMENT: marked("行业主管部门"),
}
"""The kinds of body whose people the office gives accounts to; institutions register themselves."""


@dataclass(frozen=True)
class NewBody:
    """A body that is not in the list yet."""

    kind: str
    name: str
    area_code: str = ""


def bodies(session: Session) -> list[Organisation]:
    """Return every body: the province's first, then the bureaux by area, then the departments by name."""
    found = session.exec(select(Organisation).where(col(Organisation.kind).in_(list(KINDS)))).all()
    order = list(KINDS)
    return sorted(found, key=lambda body: (order.index(body.kind), body.area_code, body.name))


def enter_bodies(session: Session) -> dict[str, Organisation]:
    """Enter the bodies that the regulation names and the record lacks; return all of them by name."""
    listed = [Organisation(kind=OrganisationKind.PROVINCE, name=PROVINCE)]
    listed += [Organisation(kind=OrganisationKind.AREA_BUREAU, name=area.bureau, area_code=area.code) for area in AREAS]
    listed += [Organisation(kind=OrganisationKind.DEPARTMENT, name=department.name) for department in DEPARTMENTS]
    known = {body.name: body for body in bodies(session)}
    session.add_all(body for body in listed if body.name not in known)
    session.flush()
    return {body.name: known.get(body.name, body) for body in listed}


def body_faults(session: Session, new: NewBody) -> list[Fault]:
    """Return everything that is wrong with a new body."""
    faults = []
    if new.kind not in set(KINDS):
        faults.append(Fault("body.kind", marked("请选择单位类别。")))
    if not 1 < len(new.name.strip()) <= 100:
        faults.append(Fault("body.name", marked("请填写单位全称（不超过 100 字）。")))
    elif session.exec(select(Organisation.id).where(Organisation.name == new.name.strip())).first():
        faults.append(Fault("body.name", marked("该单位已在名单中，请直接选择。")))
    if new.kind == OrganisationKind.AREA_BUREAU and new.area_code not in AREA_NAMES:
        faults.append(Fault("body.area_code", marked("请选择所在地区。")))
    return faults


def enter_body(session: Session, new: NewBody) -> Organisation:
    """Enter a body that was found to be without faults; the area belongs to bureaux only."""
    kind = OrganisationKind(new.kind)
    area = new.area_code if kind is OrganisationKind.AREA_BUREAU else ""
    body = Organisation(kind=kind, name=new.name.strip(), area_code=area)
    session.add(body)
    session.flush()
    return body
