"""Expert review 专家评审, Art. 5(4): the committee examines the papers and concludes."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

EXPERT_REVIEW = Stage(
    key="expert-review",
    title=marked("专家评审"),
    source="Art. 5(4)",
    awaiting="Awaiting expert review",
    opens_with=Duty.ASSEMBLE_PANEL,
    duty=Duty.CONCLUDE,
    outcomes={
        Outcome.APPROVED: marked("评审通过"),
        Outcome.RETURNED: marked("退回补正"),
        Outcome.REFUSED: marked("评审不通过"),
    },
)
