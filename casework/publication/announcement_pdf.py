"""The announcement on paper: the document and its list, to be sealed; the same rows give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.organisations import PROVINCE
from core.clock import on_paper
from core.i18n import gettext, marked, speaking
from core.typesetting import legible, typeset
from models.application import Call
from models.certificate import Certificate, RegisterEntry
from models.publication import Announcement
from regulation.areas import AREA_NAMES
from regulation.definition import CITATION
from regulation.form.domain import DOMAINS

HEADINGS = ("序号", "单位名称", "基地名称", "领域", "推荐单位", "证书编号", "有效期")
ADDRESSED = "各市、州、直管市、神农架林区人力资源和社会保障局，省直有关部门："
ENDLESS = marked("长期")
DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    place: int
    certificate: Certificate
    entry: RegisterEntry
    recommender: str

    @property
    def area(self) -> str:
        """The area, in the reader's language."""
        return gettext(AREA_NAMES[self.entry.area_code]) if self.entry.area_code in AREA_NAMES else ""

    @property
    def domains(self) -> str:
        """The fields, in the reader's language."""
        return gettext("、").join(gettext(DOMAIN_TITLES.get(key, key)) for key in self.entry.fields.split())

    @property
    def validity(self) -> str:
        """Until when the certificate is valid; a certificate may have no end."""
        until = self.certificate.valid_until
        return f"{self.certificate.issued_on.isoformat()} 至 {until.isoformat()}" if until else gettext(ENDLESS)


def pdf(announcement: Announcement, call: Call, lines: Sequence[Line], *, mark: str = "") -> bytes:
    """Set the announcement; raises `Invalid` where its number or title has a character that cannot be printed.

    `mark` stands across every page of what is not the document yet.
    """
    with speaking("zh"):
        return typeset(
            "announcement",
            {
                "mark": mark,
                "authority": PROVINCE,
                "number": announcement.number,
                "title": announcement.title,
                "to": ADDRESSED,
                "paragraphs": [_paragraph(call, len(lines)), "特此公布。"],
                "headings": list(HEADINGS),
                "rows": [_row(one) for one in lines],
                "dated": on_paper(announcement.dated_on),
            },
            created=announcement.dated_on,
        )


def _paragraph(call: Call, size: int) -> str:
    return legible(
        f"根据{CITATION}第五条、第六条规定，在“{call.title}”中，经自愿申报、审核推荐、专家评审和认定，"
        f"认定下列 {size} 个单位为湖北省专业技术人员继续教育基地，现将名单（见附件）予以公布。"
    )


def _row(one: Line) -> list[str]:
    entry, certificate = one.entry, one.certificate
    cells = (
        str(one.place),
        entry.name,
        entry.base_name,
        one.domains,
        one.recommender,
        certificate.number,
        one.validity,
    )
    return [legible(cell) or "—" for cell in cells]
