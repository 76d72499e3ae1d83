"""Certificates, their verification, and the public register."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from api.errors import problem
from api.files import PDF, download
from api.limits import Limited
from api.paging import Paging
from api.schemas.certificates import BaseTold, CertificateTold, RegisterFilter, UnknownCertificate
from api.schemas.common import REASONS, Page, refusals
from casework.certificates import verify
from casework.limits import SEARCH
from casework.paging import cursor, cut, place_of
from casework.publication.register import Asked, search
from core.addresses import Words
from core.db import reading
from core.errors import NotFound
from core.files import fetch
from core.i18n import marked

router = APIRouter(tags=["Certificates"])

UNKNOWN = marked("没有这一编号或校验码的证书，请核对后重新查询。")


@router.get(
    "/certificates/{number_or_token}",
    response_model=CertificateTold,
    responses={404: {"model": UnknownCertificate, "description": REASONS[404]}, **refusals(429)},
    dependencies=[Depends(Limited(SEARCH))],
)
def verify_certificate(request: Request, number_or_token: Words) -> Response:
    """Say whether a certificate is valid, revoked or unknown (404); no sign-in needed."""
    with reading() as session:
        certificate = verify(session, number_or_token)
    if not certificate:
        return problem(request, NotFound(UNKNOWN), validity="unknown")
    return JSONResponse(CertificateTold.of(certificate).model_dump(mode="json"))


@router.get("/certificates/{token}/pdf", response_class=Response, responses=PDF | refusals(404))
def read_certificate(token: Words) -> Response:
    """Give the certificate as it was issued, by its check code; no sign-in needed."""
    with reading() as session:
        certificate = verify(session, token)
    if not certificate or certificate.token != token or not certificate.sha256:
        raise NotFound
    return download(fetch(certificate.sha256), f"{certificate.number}.pdf")


@router.get("/register", responses=refusals(422, 429), dependencies=[Depends(Limited(SEARCH))])
def search_register(
    paging: Paging,
    chosen: Annotated[RegisterFilter, Depends()],
    q: Annotated[Words, Query(description="Words of the institution, the base or the number.")] = "",
    area: Annotated[Words, Query(description="The area's code, GB/T 2260.", examples=["420100"])] = "",
) -> Page[BaseTold]:
    """Search the public register, in the order of the numbers; no sign-in needed."""
    after = str(place_of(paging.after, "register", str)[0]) if paging.after else ""
    with reading() as session:
        found = search(
            session, Asked(q, area, chosen.field, chosen.year, chosen.state), after=after, limit=paging.limit + 1
        )
    return paging.told(cut(found, paging.limit, lambda base: cursor("register", base.number)), BaseTold.of)
