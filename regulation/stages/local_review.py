"""Local review 推荐审核, Art. 5(3): the area's bureau or the industry department signs its recommendation."""

from core.i18n import marked
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stage import Stage

LOCAL_REVIEW = Stage(
    key="local-review",
    title=marked("推荐审核"),
    source="Art. 5(3)",
    awaiting="Awaiting local review",
    opens_with=Duty.RECOMMEND,
    duty=Duty.RECOMMEND,
    outcomes={
        Outcome.APPROVED: marked("同意推荐"),
        Outcome.RETURNED: marked("退回补正"),
        Outcome.REFUSED: marked("不予推荐"),
    },
)
