"""Every page of the house; who is at the door is known before any of them is made."""

from fastapi import APIRouter, Depends

from pages import (
    account,
    account_settings,
    applicant,
    applicant_form,
    applicant_overview,
    case,
    case_questions,
    caught_letters,
    office_board,
    office_calls,
    office_cases,
    office_new_call,
    office_new_person,
    office_people,
    office_replacing,
    operator_letters,
    operator_stalled,
    public,
    public_register,
    reviewer_drafts,
    reviewer_duties,
    reviewer_lists,
    undoing,
)
from pages.session import recognise

ROOMS = (
    public.router,
    public_register.router,
    account.router,
    account_settings.router,
    applicant.router,
    applicant_form.router,
    applicant_form.autosaving,
    applicant_overview.router,
    case.router,
    case_questions.router,
    reviewer_duties.router,
    reviewer_drafts.router,
    reviewer_drafts.autosaving,
    reviewer_lists.router,
    undoing.router,
    # The rooms of those who act on a case (cases, duties, office, operator) are entered below this line.
    office_board.router,
    office_cases.router,
    office_new_call.router,
    office_calls.router,
    office_new_person.router,
    office_people.router,
    office_replacing.router,
    operator_stalled.router,
    operator_letters.router,
    caught_letters.router,
)
"""In this order: an address is answered by the first room that knows it."""

router = APIRouter(dependencies=[Depends(recognise)], include_in_schema=False)
for room in ROOMS:
    router.include_router(room)
