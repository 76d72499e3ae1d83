"""Calls, and what one needs to know before applying: the recommending bodies and the form."""

from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.calls import CallGiven, CallTold, RecommenderTold, SectionTold
from api.schemas.common import Page, refusals
from casework.calls import NewCall, all_calls, by_code, open_call
from casework.people import Person, recommending_bodies
from casework.policies import policy_on
from core.addresses import Words
from core.clock import local
from core.db import reading, transaction
from models.organisation import Organisation
from regulation.form.definition import FORM
from regulation.form.materials import KNOWN, chosen

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
    standing = policy_on(session, local(given.opens_at).date()).policy
    own = replace(standing, **given.policy.model_dump(exclude_none=True), materials=_materials(given))
    window = given.model_dump(include={"opens_at", "closes_at", "recommend_by"})
    new = NewCall(given.code, given.title, given.notice, **window, policy=own, decision=given.decision)
    call = open_call(session, new, by=person)
    return Made(CallTold.of(call), location=f"/api/v1/calls/{call.code}")


def _materials(given: CallGiven) -> tuple[str, ...] | None:
    wanted = given.materials
    return None if wanted is None else chosen(wanted) if KNOWN.issuperset(wanted) else tuple(wanted)
