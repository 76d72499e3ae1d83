"""Acceptance 受理, 行政许可法 Art. 32 as the model: the office checks the form of the papers, not their merit."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

ACCEPTANCE = Stage(
    key="acceptance",
    title=marked("受理"),
    source="行政许可法 Art. 32 (model)",
    awaiting="Awaiting acceptance",
    opens_with=Duty.CHECK_FORM,
    duty=Duty.CHECK_FORM,
    outcomes={
        Outcome.APPROVED: marked("予以受理"),
        Outcome.RETURNED: marked("告知补正"),
        Outcome.REFUSED: marked("不予受理"),
    },
)
