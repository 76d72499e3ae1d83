"""People with accounts, as they are seen and opened."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Given, GivenId, Instant, Short, Told, Word
from casework.accounts import NewStaff
from casework.organisations import NewBody
from casework.staff import STATES, Account
from regulation.roles import Role

RoleWord = Literal[
    "recommender", "office", "expert", "chair", "inspector", "decider", "operator", "administrator", "auditor"
]
Roles = Annotated[list[RoleWord], Field(max_length=9, examples=[["expert", "chair"]])]


class BodyGiven(Given):
    """A body that is not in the list yet."""

    kind: Annotated[Short, Field(description="province, area-bureau or department.", examples=["department"])]
    name: Annotated[Short, Field(examples=["湖北省示例厅"])]
    area_code: Annotated[Short, Field(description="For an area's bureau.", examples=[""])] = ""


class AccountGiven(Given):
    """An account to open: of a listed organisation, or of a new body."""

    email: Annotated[Short, Field(examples=["zhuanjia5@example.com"])]
    name: Annotated[Short, Field(examples=["杨教授示例"])]
    title: Annotated[Short, Field(examples=["教授"])] = ""
    roles: Roles
    organisation_id: GivenId | None = None
    body: BodyGiven | None = None

    def new(self) -> NewStaff:
        """Return what is asked for."""
        body = NewBody(self.body.kind, self.body.name, self.body.area_code) if self.body else None
        roles = [Role(role) for role in self.roles]
        return NewStaff(self.email, self.name, roles, self.title, self.organisation_id, body)


class RolesGiven(Given):
    """All the roles that somebody shall have from now on."""

    roles: Roles


class ResetGiven(Given):
    """Why a second factor is taken away."""

    reason: Annotated[Short, Field(examples=["本人手机遗失，已当面核实。"])]


class AccountTold(Told):
    """Somebody with an account."""

    id: UUID
    name: str = Field(examples=["杨教授示例"])
    email: str = Field(examples=["zhuanjia5@example.com"])
    title: str = Field(examples=["教授"])
    organisation_id: UUID
    organisation: str = Field(examples=["湖北省人力资源和社会保障厅"])
    roles: list[Word]
    state: Word = Field(description="open, locked, initial or closed.", examples=[{"key": "open", "title": "正常"}])
    open_duties: int = Field(description="Given by name, or to the organisation.", examples=[2])
    created_at: Instant
    closed_at: Instant | None = None

    @classmethod
    def of(cls, account: Account) -> "AccountTold":
        """Tell an account."""
        own = {"id", "name", "email", "title", "organisation_id", "created_at", "closed_at"}
        return cls(
            **account.user.model_dump(include=own),
            organisation=account.organisation.name,
            roles=[Word.of(role, role.title) for role in sorted(account.roles)],
            state=Word.of(account.state, STATES[account.state]),
            open_duties=account.open_duties,
        )
