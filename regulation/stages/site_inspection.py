"""Site inspection 实地考察, Art. 5(4): what was declared is compared with what is there."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

SITE_INSPECTION = Stage(
    key="site-inspection",
    title=marked("实地考察"),
    source="Art. 5(4)",
    awaiting="Awaiting site inspection",
    opens_with=Duty.ASSEMBLE_TEAM,
    duty=Duty.INSPECT,
    outcomes={
        Outcome.APPROVED: marked("符合条件"),
        Outcome.RETURNED: marked("退回补正"),
        Outcome.REFUSED: marked("不符合条件"),
    },
)
