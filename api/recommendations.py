"""A recommending body's files of a call: their order, the waiting list, the papers it sends; and everybody's places."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.schemas.common import Page, refusals
from api.schemas.recommending import QuotasGiven, QuotaTold, RankedTold, RankingGiven, RecommendationsTold
from casework.access import OVERSEERS
from casework.calls import by_code
from casework.people import Person
from casework.quotas import lines_of, set_quotas, standing_of
from casework.recommending import documents
from casework.recommending.documents import Recommended, recommended_by
from casework.recommending.ranks import arrange, files_of
from casework.recommending.waiting import wait
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.errors import Fault, Invalid
from core.i18n import marked
from core.spreadsheets import MEDIA_TYPE
from models.organisation import Organisation
from regulation.roles import Role

router = APIRouter(tags=["Recommendations"])

Recommender = Annotated[Person, Depends(Holding(Role.RECOMMENDER))]
Overseer = Annotated[Person, Depends(Holding(*OVERSEERS))]
Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]

XLSX: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
TWICE = marked("同一推荐单位只能给出一次名额。")


@router.get("/recommendations/{code}", responses=refusals(401, 403, 404))
def read_recommendations(code: Words, person: Recommender) -> RecommendationsTold:
    """Tell the files of my body in a call, by rank, with the places it has and has used."""
    with reading() as session:
        return told(session, code, person)


@router.put("/recommendations/{code}/ranking", responses=refusals(400, 401, 403, 404, 415, 422))
def rank_files(code: Words, given: RankingGiven, person: Recommender) -> RecommendationsTold:
    """Give the files their order (推荐排序), all at once; a wrong number leaves every file where it was."""
    with transaction() as session:
        arrange(session, by_code(session, code), given.places, by=person)
        session.flush()
        return told(session, code, person)


@router.get("/recommendations/{code}/letter", response_class=Response, responses=PDF | refusals(401, 403, 404))
def read_recommendation_letter(code: Words, person: Recommender) -> Response:
    """Give the letter of recommendation (推荐函) for what is recommended now, to be sealed."""
    return paper(code, person, documents.letter, documents.TITLE)


@router.get("/recommendations/{code}/summary", response_class=Response, responses=PDF | refusals(401, 403, 404))
def read_summary_table(code: Words, person: Recommender) -> Response:
    """Give the summary table (推荐汇总表) as PDF."""
    return paper(code, person, documents.summary, documents.SUMMARY)


@router.get("/recommendations/{code}/spreadsheet", response_class=Response, responses=XLSX | refusals(401, 403, 404))
def read_summary_spreadsheet(code: Words, person: Recommender) -> Response:
    """Give the summary table as a spreadsheet."""
    return paper(code, person, documents.summary_sheet, documents.SUMMARY, "xlsx")


@router.post(
    "/assignments/{assignment_id}/waiting",
    status_code=201,
    response_model=RankedTold,
    responses=refusals(401, 403, 404, 409, 422),
)
def put_on_waiting_list(assignment_id: KnownId, person: Recommender, once: OnlyOnce) -> Response:
    """Put a file on the waiting list (候补) because no place is left; it stays with the body, its day goes on."""
    with transaction() as session:
        return once.answer(session, lambda: Made(RankedTold.of(wait(session, assignment_id, by=person))))


@router.get("/calls/{code}/quotas", responses=refusals(401, 403, 404))
def list_quotas(code: Words, person: Overseer) -> Page[QuotaTold]:
    """List every recommending body with its places in a call."""
    del person
    with reading() as session:
        return Page(items=[QuotaTold.of(line) for line in lines_of(session, by_code(session, code))], next="")


@router.put("/calls/{code}/quotas", responses=refusals(400, 401, 403, 404, 415, 422))
def give_quotas(code: Words, given: QuotasGiven, person: Officer) -> Page[QuotaTold]:
    """Give bodies their own number of places (the office); every fault is told at once, and nothing is taken half."""
    wanted = {one.recommender: one.places for one in given.quotas}
    if len(wanted) < len(given.quotas):
        raise Invalid(faults=[Fault("quotas", TWICE)])
    with transaction() as session:
        call = by_code(session, code)
        set_quotas(session, call, wanted, by=person)
        return Page(items=[QuotaTold.of(line) for line in lines_of(session, call)], next="")


def told(session: Session, code: str, person: Person) -> RecommendationsTold:
    """Tell the files of a person's body."""
    call, body = by_code(session, code), session.get_one(Organisation, person.organisation_id)
    standing, files = standing_of(session, call, body.id), files_of(session, call.id, body.id)
    return RecommendationsTold.of(call.code, body, standing, files)


def paper(code: str, person: Person, make: Callable[[Recommended], bytes], title: str, kind: str = "pdf") -> Response:
    """Make a paper about what the person's body recommends."""
    with reading() as session:
        given = recommended_by(session, by_code(session, code), session.get_one(Organisation, person.organisation_id))
    answer = download(make(given), documents.filename(given, title, kind))
    if kind == "xlsx":
        answer.headers["Content-Type"] = MEDIA_TYPE
    return answer
