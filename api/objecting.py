"""Filing an objection to a case on a public list: in writing, under a real name or a unit's seal; no sign-in needed."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Header, Request, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference
from api.idempotency import Made, answered
from api.limits import Limited
from api.schemas.common import refusals
from api.schemas.objections import ObjectionFiled
from casework.limits import OBJECTION
from casework.objections.filing import NewObjection, Upload
from casework.objections.repeating import object_once
from casework.public_lists import list_of
from core.addresses import KnownId
from core.db import transaction
from core.errors import Fault, Invalid, NotFound
from core.i18n import marked
from models.publicity import PublicityItem

router = APIRouter(tags=["Objections"])

CONTROL = marked("含有不能保存的控制字符，请删除后重新提交。")
Said = Annotated[str, Form(max_length=20_000)]
Named = Annotated[str, Form(max_length=300)]
Kept = Annotated[
    str,
    Header(
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="Any text of your own; the same key with the same objection has one effect and one answer.",
        examples=["3f0c2f8e-objection-1"],
    ),
]


def objection_in(  # noqa: PLR0913, PLR0917 - the fields of a form
    kind: Named = "",
    name: Named = "",
    contact: Named = "",
    phone: Named = "",
    email: Named = "",
    facts: Said = "",
    grounds: Said = "",
    sealed: Annotated[UploadFile | None, File(description="A unit's sealed objection, a PDF.")] = None,
    evidence: Annotated[list[UploadFile] | None, File(max_length=20, description="PDF, JPEG or PNG.")] = None,
) -> NewObjection:
    """Read an objection from a form; raises `Invalid` for what cannot be stored."""
    words = {"kind": kind, "name": name, "contact": contact, "phone": phone, "email": email}
    words |= {"facts": facts, "grounds": grounds}
    wrong = [key for key, text in words.items() if any(ord(c) < 32 and c not in "\t\n\r" for c in text)]
    if wrong:
        raise Invalid(faults=[Fault(key, CONTROL) for key in wrong])
    given = [_upload(one) for one in evidence or ()]
    return NewObjection(**words, sealed=_upload(sealed) if sealed else None, evidence=given)


@router.post(
    "/publicity/{publicity_id}/cases/{reference}/objections",
    status_code=201,
    response_model=ObjectionFiled,
    responses=refusals(400, 404, 409, 413, 415, 422, 429, 503),
    dependencies=[Depends(Limited(OBJECTION))],
)
def file_objection(
    publicity_id: KnownId,
    reference: CaseReference,
    request: Request,
    new: Annotated[NewObjection, Depends(objection_in)],
    idempotency_key: Kept = "",
) -> Response:
    """File an objection within the days of the list: `person` under the real name, `unit` with its sealed paper.

    Anonymous ones, and those without concrete facts, grounds or a way to be reached, are refused; everything that is
    wrong is told at once. The answer names the page on which the objection is followed.
    """
    address = request.client.host if request.client else ""
    with transaction() as session:
        item = _listed(session, publicity_id, reference)
        filed = object_once(session, item, new, key=idempotency_key, address=address)
        files = len(new.evidence) + bool(new.sealed)
        made = Made(ObjectionFiled.of(filed, reference, files), location=f"/objections/{filed.token}")
    return answered(made)


def _listed(session: Session, publicity_id: KnownId, reference: str) -> PublicityItem:
    """Return the line of a case on a list; raises `NotFound`."""
    _, cases = list_of(session, publicity_id)
    found = next((one.item_id for one in cases if one.case.reference == reference), None)
    if not found:
        raise NotFound
    return session.get_one(PublicityItem, found)


def _upload(file: UploadFile) -> Upload:
    return Upload(file.filename or "", file.file.read())
