"""The register as open data: every column documented, and nothing about people in it (政府信息公开条例 Art. 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from casework.certificates import Validity, verification_path
from casework.organisations import PROVINCE
from casework.publication.register import Base, changed_at, search
from core.clock import HUBEI, local, today
from core.i18n import marked
from core.settings import settings
from regulation.areas import AREA_NAMES
from regulation.form.domain import DOMAINS

TITLE = marked("湖北省专业技术人员继续教育基地名录")
LICENCE = marked("可以自由复制、传播和再利用，须注明来源“湖北省人力资源和社会保障厅”，不得曲解原意。（暂定）")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}
SEPARATOR = "；"
"""Between several values of one cell of the CSV."""


@dataclass(frozen=True)
class DataField:
    """One column: its name, its JSON type, what it means, where it comes from and its unit or notation."""

    name: str
    kind: str
    title: str
    meaning: str
    source: str
    unit: str = ""
    optional: bool = False
    words: Sequence[str] = ()
    form: str = ""


DAY = marked("日期（ISO 8601，北京时间）")
OF_THE_CERTIFICATE, OF_THE_REGISTER = marked("认定证书"), marked("基地名录")
OF_THE_ANNOUNCEMENT = marked("公布文件")

FIELDS = (
    DataField("certificate_number", "string", marked("证书编号"), marked("唯一，永不重复使用。"),
              OF_THE_CERTIFICATE),
    DataField("base_name", "string", marked("基地名称"), marked("认定的基地名称。"), OF_THE_REGISTER),
    DataField("unit_name", "string", marked("单位名称"), marked("基地所依托的单位。"), OF_THE_REGISTER),
    DataField("credit_code", "string", marked("统一社会信用代码"), marked("单位的代码。"), OF_THE_CERTIFICATE,
              unit="GB 32100—2015"),
    DataField("area_code", "string", marked("地区代码"), marked("单位所在市、州、直管市或林区。"), OF_THE_REGISTER,
              unit="GB/T 2260"),
    DataField("area_name", "string", marked("地区"), marked("地区代码对应的名称。"), OF_THE_REGISTER),
    DataField("fields", "array", marked("领域代码"), marked("申报领域，可有多项。"), OF_THE_REGISTER,
              words=[domain.key for domain in DOMAINS]),
    DataField("field_names", "array", marked("领域"), marked("领域代码对应的名称。"), OF_THE_REGISTER),
    DataField("issued_on", "string", marked("发证日期"), marked("证书上的日期。"), OF_THE_CERTIFICATE, unit=DAY,
              form="date"),
    DataField("valid_until", "string", marked("有效期至"), marked("证书有效的最后一日；空为长期。"),
              OF_THE_CERTIFICATE, unit=DAY, optional=True, form="date"),
    DataField("published_on", "string", marked("列入名录日期"), marked("列入基地名录的日期。"),
              OF_THE_REGISTER, unit=DAY,
              form="date"),
    DataField("announcement_number", "string", marked("公布文号"), marked("公布该基地的文件的文号；空为尚未印发。"),
              OF_THE_ANNOUNCEMENT, optional=True),
    DataField("announced_on", "string", marked("公布日期"), marked("公布文件的成文日期。"), OF_THE_ANNOUNCEMENT,
              unit=DAY, optional=True, form="date"),
    DataField("state", "string", marked("状态"), marked("valid 有效，expired 已到期，revoked 已撤销；按生成当日计。"),
              OF_THE_CERTIFICATE, words=[str(one) for one in Validity]),
    DataField("revoked_on", "string", marked("撤销日期"), marked("证书被撤销的日期；空为未撤销。"), OF_THE_CERTIFICATE,
              unit=DAY, optional=True, form="date"),
    DataField("verification_url", "string", marked("核验地址"), marked("核验证书真伪的网页。"), OF_THE_CERTIFICATE,
              form="uri"),
)  # fmt: skip
"""The columns, in the order of the CSV."""


@dataclass(frozen=True)
class Published:
    """The register as it can be taken today; `changed_at` is none while it is empty."""

    rows: list[dict[str, Any]]
    changed_at: datetime | None


def open_data(session: Session) -> Published:
    """Return the whole register, row by row, and when it changed last: also by an expiry, at the midnight after it."""
    bases = search(session, limit=None)
    moments = [at for at in (changed_at(bases), *map(_expiry, bases)) if at]
    return Published([row_of(base) for base in bases], max(moments, default=None))


def row_of(base: Base) -> dict[str, Any]:
    """Return one base with a value for every column."""
    certificate = base.certificate
    return {
        "certificate_number": base.number,
        "base_name": base.base_name,
        "unit_name": base.name,
        "credit_code": certificate.credit_code,
        "area_code": base.area_code,
        "area_name": AREA_NAMES.get(base.area_code, ""),
        "fields": base.fields,
        "field_names": [DOMAIN_TITLES.get(key, key) for key in base.fields],
        "issued_on": certificate.issued_on.isoformat(),
        "valid_until": base.valid_until.isoformat() if base.valid_until else None,
        "published_on": base.published_on.isoformat(),
        "announcement_number": base.announcement_number or None,
        "announced_on": base.announced_on.isoformat() if base.announced_on else None,
        "state": str(base.validity),
        "revoked_on": local(certificate.revoked_at).date().isoformat() if certificate.revoked_at else None,
        "verification_url": settings().public_url + verification_path(certificate),
    }


def document(published: Published) -> dict[str, Any]:
    """Return the JSON document: what it is, when it changed, and the bases."""
    changed = published.changed_at
    return {
        "title": TITLE,
        "publisher": PROVINCE,
        "licence": LICENCE,
        "schema": f"{settings().public_url}/open-data/bases.schema.json",
        "changed_at": changed.astimezone(UTC).isoformat(timespec="seconds") if changed else None,
        "count": len(published.rows),
        "bases": published.rows,
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document, made of the same columns."""
    plain = {"type": "string"}
    return {
        "$schema": DIALECT,
        "$id": f"{settings().public_url}/open-data/bases.schema.json",
        "title": TITLE,
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "publisher", "licence", "schema", "changed_at", "count", "bases"],
        "properties": {
            "title": plain,
            "publisher": plain,
            "licence": plain,
            "schema": {"type": "string", "format": "uri"},
            "changed_at": {"type": ["string", "null"], "format": "date-time"},
            "count": {"type": "integer", "minimum": 0},
            "bases": {"type": "array", "items": _row_schema()},
        },
    }


def _row_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in FIELDS],
        "properties": {field.name: _field_schema(field) for field in FIELDS},
    }


def _field_schema(field: DataField) -> dict[str, Any]:
    told: dict[str, Any] = {"title": field.title, "description": field.meaning}
    words = {"enum": list(field.words)} if field.words else {}
    if field.kind == "array":
        return told | {"type": "array", "items": {"type": "string"} | words}
    form = {"format": field.form} if field.form else {}
    return told | {"type": ["string", "null"] if field.optional else field.kind} | form | words


def _expiry(base: Base) -> datetime | None:
    """Return when a certificate that is over expired."""
    if base.validity is not Validity.EXPIRED or not base.valid_until or base.valid_until >= today():
        return None
    return datetime.combine(base.valid_until + timedelta(1), time(), HUBEI)
