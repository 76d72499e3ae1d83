"""What the office enters of an expert."""

from typing import Annotated

from pydantic import Field

from api.schemas.common import Given, GivenDay, Short
from casework.experts.profiles import Employer, NewProfile


class EmployerGiven(Given):
    """Where an expert works, or worked."""

    name: Annotated[Short, Field(examples=["示例大学"])]
    credit_code: Annotated[Short, Field(description="Empty where it is not known.", examples=[""])] = ""
    from_on: GivenDay
    to_on: Annotated[GivenDay | None, Field(description="Empty while the employment lasts.")] = None


class ProfileGiven(Given):
    """The profile of an expert: two kinds of expertise (Art. 5(4)), fields, title, employers with their days."""

    kind: Annotated[Short, Field(examples=["field"], description="continuing-education or field.")]
    fields: Annotated[
        list[Short], Field(max_length=30, description="Keys of the form's domains.", examples=[["new-energy"]])
    ] = Field(default_factory=list)
    title: Annotated[Short, Field(examples=["教授"])]
    recommending_unit: Annotated[Short, Field(examples=["示例大学"])]
    valid_from: GivenDay
    valid_to: GivenDay | None = None
    employers: Annotated[list[EmployerGiven], Field(max_length=50)]

    def profile(self) -> NewProfile:
        """Return the profile as the record takes it."""
        employers = [Employer(one.name, one.credit_code, one.from_on, one.to_on) for one in self.employers]
        own = self.model_dump(exclude={"employers"})
        return NewProfile(**own, employers=employers)
