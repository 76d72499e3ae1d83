"""Publication 公布, Art. 6: the department announces the base and enters it in the register."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.stage import Stage

PUBLICATION = Stage(
    key="publication",
    title=marked("公布"),
    source="Art. 6",
    awaiting="Awaiting publication",
    opens_with=None,
    duty=None,
    outcomes={Outcome.APPROVED: marked("已公布")},
)
