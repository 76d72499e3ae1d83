"""Submission 申报, Art. 5(1)-(3): the unit files its form, voluntarily; later rounds are corrections."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

SUBMISSION = Stage(
    key="submission",
    title=marked("申报"),
    source="Art. 5(1)-(3)",
    awaiting="Awaiting correction",
    opens_with=Duty.CORRECT,
    duty=Duty.CORRECT,
    outcomes={Outcome.APPROVED: marked("已提交")},
)
