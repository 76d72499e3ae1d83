"""Certification 认定, Art. 5(4) and 15: the department's leading group decides."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

CERTIFICATION = Stage(
    key="certification",
    title=marked("认定"),
    source="Art. 5(4), 15",
    awaiting="Awaiting certification",
    opens_with=Duty.CERTIFY,
    duty=Duty.CERTIFY,
    outcomes={Outcome.APPROVED: marked("予以认定"), Outcome.REFUSED: marked("不予认定")},
)
