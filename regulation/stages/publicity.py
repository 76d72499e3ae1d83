"""Publicity 公示: the list is public for some working days, anyone may object; it ends by itself."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

PUBLICITY = Stage(
    key="publicity",
    title=marked("公示"),
    source="湖北省同类认定项目 (model)",
    awaiting="Awaiting the end of publicity",
    opens_with=Duty.PUBLICISE,
    duty=Duty.RECONSIDER,
    outcomes={Outcome.APPROVED: marked("公示无异议"), Outcome.REFUSED: marked("异议成立，不予认定")},
)
