"""Asking to see the personal data of a case, and who has seen them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.deps import CaseReference, SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.common import Given, Instant, Long, Page, Told, refusals
from casework.cases import by_reference
from casework.people import Person
from casework.unmasking import LONGEST_REASON, UnmaskingSearch, unmask, unmaskings
from core.addresses import Words
from core.db import reading, transaction
from models.case import Case
from models.person import User
from models.unmasking import Unmasking

router = APIRouter(tags=["Cases"])


class UnmaskingGiven(Given):
    """Why the personal data are needed."""

    purpose: Annotated[Long, Field(max_length=LONGEST_REASON, examples=["联系申报单位核实申报内容"])]


class UnmaskingTold(Told):
    """Who sees the personal data of which case, why, and until when."""

    id: UUID
    case: str = Field(examples=["JD-2026-0001"])
    person: str = Field(examples=["周敏示例"])
    purpose: str = Field(examples=["联系申报单位核实申报内容"])
    at: Instant
    until: Instant

    @classmethod
    def of(cls, one: Unmasking, case: Case, person: User | Person) -> "UnmaskingTold":
        """Tell one."""
        return cls(id=one.id, case=case.reference, person=person.name, purpose=one.reason, at=one.at, until=one.until)


@router.post(
    "/cases/{reference}/unmasking",
    status_code=201,
    response_model=UnmaskingTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def unmask_a_case(reference: CaseReference, given: UnmaskingGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Show me the personal data of a case for half an hour (the office, the recommending body); it is written down."""
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            shown = unmask(session, case.id, given.purpose, by=person)
            return Made(UnmaskingTold.of(shown, case, person), location=f"/api/v1/cases/{case.reference}/submissions")

        return once.answer(session, effect)


@router.get("/unmaskings", responses=refusals(401, 403, 422))
def list_unmaskings(
    signed_in: SignedIn,
    paging: Paging,
    person: Annotated[Words, Query(max_length=100, description="Words in a name, a person's or a body's.")] = "",
    case: Annotated[Words, Query(max_length=40, description="A case's reference, or part of it.")] = "",
) -> Page[UnmaskingTold]:
    """List who saw personal data, of which case and why (the department, the auditor), the latest first."""
    with reading() as session:
        search = UnmaskingSearch(person, case, paging.after, paging.limit)
        found = unmaskings(session, search, by=signed_in)
    return paging.told(found, lambda row: UnmaskingTold.of(row.unmasking, row.case, row.user))
