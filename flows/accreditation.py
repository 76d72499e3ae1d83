"""The procedure of 鄂人社发〔2015〕25号, from submission to publication: the page to read first.

Each waking of a case is one short run of this flow. It reads the record, takes every step that is due, and ends at
the first question that a person must answer, in a state named after what the case waits for. A stage that the case's
call does without is passed over.
"""

from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.case import CaseInHand, the_case
from flows.stages import settle
from regulation.stages.acceptance import ACCEPTANCE
from regulation.stages.certification import CERTIFICATION
from regulation.stages.expert_review import EXPERT_REVIEW
from regulation.stages.local_review import LOCAL_REVIEW
from regulation.stages.publicity import PUBLICITY
from regulation.stages.site_inspection import SITE_INSPECTION
from regulation.stages.submission import SUBMISSION
from tasks.accreditation import issue_certificate, publish
from tasks.letters import letters_afterwards
from tasks.step import told_discreetly


@flow(name="accreditation", flow_run_name="{reference}", persist_result=False, validate_parameters=False)
def accreditation(case_id: str, reference: str) -> State[None]:
    """Take an application as far as it can go now."""
    del reference  # names the run
    with told_discreetly(), letters_afterwards(UUID(case_id)), the_case(UUID(case_id)) as case:
        proceed(case)
    return Completed(name=case.state)


def proceed(case: CaseInHand) -> None:
    """Go through the procedure from its beginning; what the record says was done is passed over."""
    settle(case, SUBMISSION)  # Art. 5(1)-(3): the institution files its form
    settle(case, LOCAL_REVIEW)  # Art. 5(3): the recommending body examines it and signs
    settle(case, ACCEPTANCE)  # Art. 5(3): the province's office takes it in
    if case.record.policy.visit_first:
        settle(case, SITE_INSPECTION)  # Art. 5(4), in the order of its words: 考察 before 评审
    settle(case, EXPERT_REVIEW)  # Art. 5(4): the expert committee
    settle(case, SITE_INSPECTION)  # Art. 5(4): the visit, unless it was made before
    settle(case, CERTIFICATION)  # Art. 5(4), 15: the department decides
    settle(case, PUBLICITY)  # the list is public, anyone may object
    certify_and_publish(case)  # Art. 6: certificate, announcement, register


def certify_and_publish(case: CaseInHand) -> None:
    """Issue the certificate and enter the base in the public register, each unless it was done."""
    if not case.record.certified:
        case.take(issue_certificate)
    if not case.record.outcome:
        case.take(publish)
