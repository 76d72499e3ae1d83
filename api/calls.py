"""Calls, and what one needs to know before applying: the recommending bodies and the form."""

from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.calls import CallGiven, CallTold, CopyGiven, RecommenderTold, SectionTold
from api.schemas.common import Page, refusals
from casework.calls import NewCall, Wanted, all_calls, by_code, open_call
from casework.people import Person, recommending_bodies
from casework.policies import policy_on
from core.addresses import Words
from core.clock import local
from core.db import reading, transaction
from models.organisation import Organisation
from regulation.form.definition import FORM
from regulation.form.materials import KNOWN, chosen
from regulation.policy import Policy, policy_of

router = APIRouter(tags=["Calls"])


@router.get("/calls", responses=refusals(422))
def list_calls(paging: Paging) -> Page[CallTold]:
    """List every call, the oldest first; no sign-in needed."""
    with reading() as session:
        calls = all_calls(session)
    return paging.told(paging.cut(calls, "calls", lambda call: (call.opens_at, call.code)), CallTold.of)


@router.get("/calls/{code}", responses=refusals(404))
def read_call(code: Words) -> CallTold:
    """Tell one call with its policy; no sign-in needed."""
    with reading() as session:
        return CallTold.of(by_code(session, code))


@router.post("/calls", status_code=201, response_model=CallTold, responses=refusals(400, 401, 403, 415, 422))
def open_a_call(given: CallGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Open a call (the office); every fault is told at once."""
    with transaction() as session:
        return once.answer(session, lambda: _opened(session, given, person))


@router.get("/recommenders", responses=refusals(422))
def list_recommenders(paging: Paging) -> Page[RecommenderTold]:
    """List the bodies that may recommend, Art. 5(3); no sign-in needed."""
    with reading() as session:
        bodies = recommending_bodies(session)
    return paging.told(paging.cut(bodies, "recommenders", _place), RecommenderTold.of)


@router.get("/form")
def read_form() -> list[SectionTold]:
    """Tell what the application form asks, section by section: the keys of an application's `content`."""
    return [SectionTold.of(section) for section in FORM]


def _place(body: Organisation) -> tuple[str, str]:
    return str(body.kind), f"{body.area_code} {body.name}"


def _opened(session: Session, given: CallGiven, person: Person) -> Made:
    base = _like_the_earlier(session, given, policy_on(session, local(given.opens_at).date()).policy)
    own = replace(base, **given.policy.model_dump(exclude_none=True))
    own = own if given.materials is None else replace(own, materials=_materials(given.materials))
    window = given.model_dump(include={"opens_at", "closes_at", "recommend_by"})
    copies = _copies(given.copies) if given.copies else None
    new = NewCall(given.code, given.title, given.notice, **window, policy=own, decision=given.decision, copies=copies)
    call = open_call(session, new, by=person)
    return Made(CallTold.of(call), location=f"/api/v1/calls/{call.code}")


def _like_the_earlier(session: Session, given: CallGiven, standing: Policy) -> Policy:
    """Return the policy in force with what a copied call adds: its papers required, and how many places it has."""
    earlier = next((one for one in all_calls(session) if given.copies and one.code == given.copies.code), None)
    if not given.copies or not earlier:  # `open_call` says that there is none
        return standing
    kept = policy_of(earlier.policy)
    like = replace(standing, materials=kept.materials)
    return replace(like, quota_in_all=kept.quota_in_all, quota_each=kept.quota_each) if given.copies.quotas else like


def _copies(given: CopyGiven) -> Wanted:
    return Wanted(given.code, quotas=given.quotas, sheet=given.sheet, papers=given.attachments)


def _materials(wanted: list[str]) -> tuple[str, ...] | None:
    return chosen(wanted) if KNOWN.issuperset(wanted) else tuple(wanted)
