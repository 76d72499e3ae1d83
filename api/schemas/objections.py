"""What an objector is told of an objection that was filed."""

from pydantic import Field

from api.schemas.common import Day, Instant, Reference, Told
from casework.objections.letters import follow_path
from models.objection import Objection


class ObjectionFiled(Told):
    """The receipt of an objection: `page` is the objector's alone, whoever has the link follows it there."""

    number: str = Field(examples=["异议〔2026〕0001号"])
    case: Reference
    filed_at: Instant
    due_on: Day
    provisional: bool = Field(description="The calendar of the year of `due_on` is not published yet.")
    files: int = Field(description="How many files came with it.", examples=[1])
    page: str = Field(examples=["/objections/6BfV0c3k5m8Zl2Wq9r1xYt7uPa4sDe0g"])

    @classmethod
    def of(cls, one: Objection, reference: str, files: int) -> "ObjectionFiled":
        """Tell a receipt."""
        own = one.model_dump(include={"number", "filed_at", "due_on", "provisional"})
        return cls(**own, case=reference, files=files, page=follow_path(one))
