"""The authorisation matrix: one line a route, saying who gets in; everybody else is refused as the line's rule says.

Where an address names a case (`{reference}`, `{application_id}`, `{assignment_id}`), the line is read twice: for our
own case, and for a foreign one of another institution and area, whose people are others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from casework.demonstration import CALL
from tests.security.principals import Who

EVERYONE = frozenset(Who)
NOBODY: frozenset[Who] = frozenset()
SIGNED_IN = EVERYONE - {Who.ANONYMOUS}
APPLICANTS = frozenset({Who.APPLICANT, Who.OTHER_APPLICANT})
OVERSEERS = frozenset({Who.OFFICE, Who.DECIDER, Who.AUDITOR})
OFFICE, OPERATOR, AUDITOR = (frozenset({who}) for who in (Who.OFFICE, Who.OPERATOR, Who.AUDITOR))
ADMINISTRATOR = frozenset({Who.ADMINISTRATOR})
KEEPERS = OFFICE | ADMINISTRATOR
OWNER, RECOMMENDER = frozenset({Who.APPLICANT}), frozenset({Who.RECOMMENDER})
EXPERT, CHAIR, INSPECTOR = (frozenset({who}) for who in (Who.EXPERT, Who.CHAIR, Who.INSPECTOR))
DECIDER = frozenset({Who.DECIDER})
ON_DUTY = SIGNED_IN - APPLICANTS - OPERATOR - AUDITOR - ADMINISTRATOR
PAPERS = OWNER | RECOMMENDER | EXPERT | CHAIR | INSPECTOR | OVERSEERS
SEES = PAPERS | OPERATOR

COUNTERPARTS = {Who.APPLICANT: Who.OTHER_APPLICANT, Who.RECOMMENDER: Who.OTHER_RECOMMENDER}
RECOMMENDERS = frozenset({Who.RECOMMENDER, Who.OTHER_RECOMMENDER})
EXAMINERS = RECOMMENDER | OVERSEERS
OF_OUR_CASE = OWNER | RECOMMENDER | EXPERT | CHAIR | INSPECTOR


def of_the_foreign_case(people: frozenset[Who]) -> frozenset[Who]:
    """Return who plays these parts in the foreign case: other parties, no panel, the same overseers."""
    return (people - OF_OUR_CASE) | {COUNTERPARTS[who] for who in people if who in COUNTERPARTS}


class Rule(Enum):
    """How those who are signed in and do not get in are refused."""

    ROLE = "403 for everybody"
    CASE = "404 for everybody: whoever may not see it, learns nothing of it"
    PART = "403 for those who see the case, 404 for the rest"
    OWN = "404 for applicants (another institution's), 403 for those who are none"

    def status(self, who: Who, sees: frozenset[Who]) -> int:
        """Return the status of a refusal."""
        hidden = {Rule.CASE: EVERYONE, Rule.PART: EVERYONE - sees, Rule.OWN: APPLICANTS}.get(self, NOBODY)
        return 404 if who in hidden else 403


@dataclass(frozen=True)
class Line:
    """One route: who gets in and what comes of it (`ok`), and how the others are refused.

    `at` says which of several things the address names. `body` would have its effect if the person were let in;
    those who are let in send `harmless`, which is refused for another reason. An API body is JSON, a page's a form.
    """

    method: str
    path: str
    who: frozenset[Who] = EVERYONE
    ok: int = 200
    rule: Rule | int = Rule.ROLE
    at: str = ""
    query: str = ""
    body: Mapping[str, Any] | None = None
    harmless: Mapping[str, Any] | None = None
    files: bool = False

    @property
    def address(self) -> tuple[str, str]:
        """Method and path as the application knows them."""
        return self.method, self.path

    @property
    def cases(self) -> tuple[str, ...]:
        """Which cases the line is read for; a duty that only our case has come to, for ours alone."""
        named = any(name in self.path for name in ("{reference}", "{application_id}", "{assignment_id}"))
        return ("own", "foreign") if named and self.at in {"", "recommend"} else ("own",)

    def expected(self, who: Who, case: str) -> int:
        """Return the status that this principal must get."""
        ours = case == "own"
        let_in = self.who if ours else of_the_foreign_case(self.who)
        if who in let_in:
            return self.ok
        if isinstance(self.rule, int):
            return self.rule
        return 401 if who is Who.ANONYMOUS else self.rule.status(who, SEES if ours else of_the_foreign_case(SEES))


V1 = "/api/v1"
CHANGE = f"{V1}/policy/{{parameter}}/changes/{{change_id}}"
PERSON, ONE = f"{V1}/people/{{person_id}}", f"{V1}/assignments/{{assignment_id}}"
CASE, APPLICATION = f"{V1}/cases/{{reference}}", f"{V1}/applications/{{application_id}}"
YES = {"outcome": "approved", "reasons": "符合规定条件。"}
NO_REASON = {"outcome": "refused", "reasons": ""}
REVIEW = {"score": 90, "recommendation": "pass", "opinion": "材料齐全。"}
VISIT = YES | {"visited_on": "2026-11-24", "summary": "已察看。", "findings": {}}
VISIT_FORM = {"summary": "已察看。", "visited_on": "2026-11-24"}
LATER = "2099-12-01"
OFFER = {"days": [LATER, "2099-12-02"], "note": ""}
REASONS = {"reasons": "另行安排。"}
MEMBERS = {"members": ["{chair}", "{expert}", "{other_expert}"], "leader": "{chair}"}
NEW_CALL = {"code": "2026-9", "title": "另一批次", "opens_at": "2026-12-01T09:00:00+08:00",
            "closes_at": "2026-12-31T18:00:00+08:00"}  # fmt: skip
NEVER = {"closes_at": "2026-01-01T09:00:00+08:00"}
NEW_PERSON = {"email": "xin@example.com", "name": "新人示例", "roles": ["expert"], "organisation_id": "{province}"}
TAKEN = {"email": "zhuren@example.com"}
PAGE_CALL = NEW_CALL | {"opens_at": "2026-12-01T09:00", "closes_at": "2026-12-31T18:00", "notice": "通知"}
REASON = {"reason": "申报材料不实"}
REVOCATION = REASON | {"basis": "《行政许可法》第六十九条"}
NEW_VALUE = {"value": 7, "effective_on": "2027-01-01", "source": "decision", "citation": "会议纪要第 3 号（示例）"}
EVEN = {"value": 4}
STANDS_IN = {"deputy": "{chair}", "first_on": "2027-01-04", "last_on": "2027-01-08", "reason": "外出学习"}
TOO_LONG = {"reasons": "长" * 3000}
TELEPHONED = {"answer": "decline", "reason": "出国", "spoken_at": "2026-01-05T10:00:00+08:00"}
EXPERT_PROFILE = {"kind": "continuing-education", "fields": [], "title": "教授", "recommending_unit": "示例大学",
                  "valid_from": "2026-01-01", "employers": [{"name": "示例大学", "from_on": "2015-07-01"}]}  # fmt: skip
FOUND = {"act": "uphold", "kind": "found", "user": "{expert}", "reason": "近亲属"}
AVOIDED = {"avoided-0-name": "孙教授示例", "avoided-0-reason": "有竞争关系"}
AVOID = {"avoided": [{"name": "孙教授示例", "reason": "有竞争关系"}]}

CONCERNED = OWNER | EXPERT | CHAIR | OVERSEERS
QUESTION, ANSWERED = {"question": "请说明。"}, {"answer": "说明如下。"}
SHEET = {"groups": [{"title": "一", "items": [{"title": "甲", "points": 100, "source": "Art. 4"}]}]}
ANNOUNCEMENT = {"number": "鄂人社函〔2026〕1号", "title": "示例公布文件", "dated_on": "2026-01-05"}
MORE = {"members": ["{other_expert}"]}

PAGES = (
    Line("GET", "/"),
    Line("GET", "/calls"),
    Line("GET", "/calls/{code}"),
    Line("GET", "/calls/{code}.ics"),
    Line("GET", "/calls/{code}/attachments/{sha256}", ok=404),
    Line("GET", "/register"),
    Line("GET", "/register/{number}", at="certificate"),
    Line("GET", "/register/map"),
    Line("GET", "/register/journal"),
    Line("GET", "/open-data/journal.json"),
    Line("GET", "/register.atom"),
    Line("GET", "/open-data"),
    Line("GET", "/open-data/bases.csv"),
    Line("GET", "/open-data/bases.json"),
    Line("GET", "/open-data/bases.schema.json"),
    Line("GET", "/announcements"),
    Line("GET", "/announcements/{announcement_id}"),
    Line("GET", "/announcements/{announcement_id}/file.pdf"),
    Line("GET", "/verify"),
    Line("GET", "/verify/{token}"),
    Line("POST", "/verify/{token}", ok=422),
    Line("GET", "/certificates/{token}.pdf"),
    Line("GET", "/publicity"),
    Line("GET", "/publicity/{publicity_id}"),
    Line("GET", "/publicity/{publicity_id}/objections/{item_id}"),
    Line("POST", "/publicity/{publicity_id}/objections/{item_id}", ok=409),
    Line("GET", "/objections/{link}"),
    Line("GET", "/objections/{link}/pdf"),
    Line("GET", "/sign-in", frozenset({Who.ANONYMOUS}), rule=303),
    Line("POST", "/sign-in", ok=422),
    Line("POST", "/sign-out", SIGNED_IN, ok=303),
    Line("GET", "/sign-in/code", ok=303),
    Line("POST", "/sign-in/code", ok=422),
    Line("GET", "/sign-in/external", ok=404),
    Line("GET", "/sign-in/external/callback", ok=404),
    Line("GET", "/forgotten"),
    Line("POST", "/forgotten", ok=422),
    Line("GET", "/invitations/{token}", ok=409),
    Line("GET", "/invitations/{token}/external", ok=404),
    Line("POST", "/invitations/{token}", ok=409, body={"new": "another pass phrase", "again": "another pass phrase"}),
    Line("GET", "/password-resets/{token}", ok=409),
    Line("POST", "/password-resets/{token}", ok=409,
         body={"new": "another pass phrase", "again": "another pass phrase"}),
    Line("GET", "/sign-up"),
    Line("POST", "/sign-up", ok=422),
    Line("POST", "/language", ok=422),
    Line("GET", "/account", SIGNED_IN),
    Line("POST", "/account", SIGNED_IN, ok=422),
    Line("GET", "/account/second-factor", SIGNED_IN),
    Line("POST", "/account/second-factor", SIGNED_IN, ok=422),
    Line("GET", "/caught-letters"),
    Line("GET", "/caught-letters/{letter_id}", at="caught"),
    Line("GET", "/static/{file}"),
    # the applicant's rooms
    Line("GET", "/applications", APPLICANTS),
    Line("GET", "/applications/new", APPLICANTS, ok=303, query=f"?call={CALL}"),
    Line("POST", "/applications/new", APPLICANTS, ok=422,
         body={"call": CALL, "recommender_id": "{bureau}"}, harmless={"call": CALL}),
    Line("GET", "/applications/{application_id}", OWNER, rule=Rule.OWN),
    Line("POST", "/applications/{application_id}", OWNER, ok=409, rule=Rule.OWN, body={"act": "submit"}),
    Line("GET", "/applications/{application_id}/sections/{key}", OWNER, ok=303, rule=Rule.OWN),
    Line("POST", "/applications/{application_id}/sections/{key}", OWNER, ok=412, rule=Rule.OWN, body={"postcode": "1"}),
    Line("GET", "/applications/{application_id}/rows/{rows}", OWNER, ok=303, rule=Rule.OWN),
    Line("POST", "/applications/{application_id}/rows/{rows}", OWNER, ok=422, rule=Rule.OWN, body={"text": ""}),
    Line("GET", "/applications/{application_id}/rows/{rows}/template", OWNER, rule=Rule.OWN),
    Line("GET", "/applications/{application_id}/rows/{rows}/workbook", OWNER, rule=Rule.OWN),
    Line("GET", "/applications/{application_id}/rows/{rows}/lines/{line}", OWNER, ok=303, rule=Rule.OWN),
    Line("POST", "/applications/{application_id}/rows/{rows}/lines/{line}", OWNER, ok=412, rule=Rule.OWN),
    Line("POST", "/applications/{application_id}/autosave", OWNER, ok=409, rule=Rule.OWN, body={"section": "{key}"}),
    Line("GET", "/applications/{application_id}/files/{sha256}", OWNER, rule=Rule.OWN),
    Line("GET", "/applications/{application_id}/pdf", OWNER, rule=Rule.OWN),
    # a case, for whoever may see it
    Line("GET", "/cases/{reference}", SEES, rule=Rule.CASE),
    Line("POST", "/cases/{reference}", OWNER, ok=422, rule=Rule.PART, body={"reasons": "不再申报"}, harmless=TOO_LONG),
    Line("GET", "/cases/{reference}/papers/{number}", PAPERS, rule=Rule.CASE),
    Line("GET", "/cases/{reference}/papers/{number}/pdf", PAPERS, rule=Rule.CASE),
    Line("GET", "/cases/{reference}/files/{sha256}", PAPERS, rule=Rule.CASE),
    Line("GET", "/cases/{reference}/scans/{sha256}", EXAMINERS, rule=Rule.CASE),
    Line("GET", "/cases/{reference}/archive", OFFICE, ok=409),
    Line("POST", "/cases/{reference}/unmasking", OFFICE | RECOMMENDER, ok=422, rule=Rule.PART,
         body={"purpose": "核实"}, harmless={"purpose": ""}),
    Line("GET", "/office/unmaskings", DECIDER | AUDITOR),
    Line("GET", "/cases/{reference}/notice", OWNER | EXAMINERS, ok=404, rule=Rule.CASE),
    # recommending
    Line("GET", "/recommendations", RECOMMENDERS),
    Line("GET", "/recommendations/{code}", RECOMMENDERS),
    Line("POST", "/recommendations/{code}", RECOMMENDERS, ok=303, body={"places-{our_reference}": "2"}, harmless={}),
    Line("GET", "/recommendations/{code}/{paper}", RECOMMENDERS),
    Line("POST", "/duties/{assignment_id}/waiting", RECOMMENDER, ok=303, at="recommend", body={}),
    # duties
    Line("GET", "/duties/{assignment_id}", SEES, rule=Rule.CASE, at="recommend"),
    Line("GET", "/duties/{assignment_id}", SEES, rule=Rule.CASE, at="review"),
    Line("GET", "/duties/{assignment_id}", SEES, rule=Rule.CASE, at="inspect"),
    Line("GET", "/duties/{assignment_id}", SEES, rule=Rule.CASE, at="certify"),
    Line("POST", "/duties/{assignment_id}", RECOMMENDER, ok=409, rule=Rule.PART, at="recommend", body=YES),
    Line("POST", "/duties/{assignment_id}", EXPERT, ok=409, rule=Rule.PART, at="review", body=REVIEW),
    Line("POST", "/duties/{assignment_id}", CHAIR, ok=409, rule=Rule.PART, at="conclude", body=YES),
    Line("POST", "/duties/{assignment_id}", OFFICE, ok=409, rule=Rule.PART, at="assemble-panel", body=MEMBERS),
    Line("POST", "/duties/{assignment_id}", OFFICE, ok=409, rule=Rule.PART, at="assemble-team", body=MEMBERS),
    Line("POST", "/duties/{assignment_id}", INSPECTOR, ok=409, rule=Rule.PART, at="inspect", body=YES),
    Line("POST", "/duties/{assignment_id}", DECIDER, ok=422, rule=Rule.PART, at="certify", body=YES,
         harmless=NO_REASON),
    Line("POST", "/duties/{assignment_id}/replacement", OFFICE, ok=409, at="review", body={"member": "{other_expert}"}),
    Line("GET", "/duties/{assignment_id}/answer", EXPERT, ok=404, at="review"),
    Line("POST", "/duties/{assignment_id}/answer", EXPERT, ok=404, at="review", body={"answer": "decline"}),
    Line("GET", "/duties/{assignment_id}/recusal", EXPERT, at="review"),
    Line("POST", "/duties/{assignment_id}/recusal", EXPERT, ok=409, at="review", body=REASON),
    Line("GET", "/cases/{reference}/avoidance", OWNER, rule=Rule.PART),
    Line("POST", "/cases/{reference}/avoidance", OWNER, ok=422, rule=Rule.PART, body=AVOIDED, harmless={}),
    Line("POST", "/duties/{assignment_id}/draft", EXPERT, ok=409, at="review", body={"opinion": "草稿"}),
    Line("POST", "/duties/{assignment_id}/autosave", EXPERT, ok=409, at="review", body={"opinion": "草稿"}),
    Line("GET", "/cases/{reference}/clarifications", CONCERNED, rule=Rule.CASE),
    Line("POST", "/cases/{reference}/clarifications", NOBODY, rule=Rule.PART, body=QUESTION),
    Line("POST", "/cases/{reference}/clarifications/{number}", OWNER, ok=409, rule=Rule.PART, at="question",
         body={"answer-1": "说明如下。"}),
    Line("GET", "/cases/{reference}/resolutions/{number}", CHAIR | OVERSEERS, rule=Rule.CASE, at="resolution"),
    Line("GET", "/cases/{reference}/panel", OFFICE),
    Line("POST", "/cases/{reference}/panel", OFFICE, ok=409, body=MORE),
    Line("GET", "/calls/{code}/sheet"),
    Line("GET", "/office/calls/{code}/sheet", OFFICE | AUDITOR),
    Line("GET", "/office/calls/{code}/sheet.xlsx", OFFICE | AUDITOR),
    Line("POST", "/office/calls/{code}/sheet", OFFICE, ok=409, body={"act": "first"}),
    # visits
    Line("GET", "/duties/offline.js"),
    Line("POST", "/duties/{assignment_id}/record", INSPECTOR, ok=409, rule=Rule.PART, at="inspect", body=VISIT_FORM),
    Line("POST", "/duties/{assignment_id}/confirmation", INSPECTOR, ok=409, rule=Rule.PART, at="inspect",
         body={"sha256": "{sha256}"}),
    Line("POST", "/duties/{assignment_id}/photos", INSPECTOR, ok=422, rule=Rule.PART, at="inspect", body={"line": ""}),
    Line("POST", "/duties/{assignment_id}/photos/{sha256}/removal", INSPECTOR, ok=409, rule=Rule.PART, at="inspect"),
    Line("GET", "/cases/{reference}/photos/{sha256}", INSPECTOR | OVERSEERS, rule=Rule.CASE, at="photo"),
    Line("GET", "/cases/{reference}/visits/{number}", INSPECTOR | OVERSEERS, rule=Rule.CASE, at="inspect"),
    Line("GET", "/cases/{reference}/signed-pages/{sha256}", INSPECTOR | OVERSEERS, rule=Rule.CASE, at="inspect"),
    Line("GET", "/cases/{reference}/visit", OWNER | INSPECTOR | OVERSEERS, rule=Rule.CASE, at="inspect"),
    Line("GET", "/cases/{reference}/visit.ics", OWNER | INSPECTOR | OVERSEERS, ok=404, rule=Rule.CASE, at="inspect"),
    Line("POST", "/cases/{reference}/visit", OWNER | INSPECTOR | OVERSEERS, ok=409, rule=Rule.CASE, at="inspect",
         body=OFFER | {"act": "offer"}),
    Line("GET", "/inbox", ON_DUTY),
    Line("GET", "/queue", ON_DUTY),
    Line("GET", "/archive", ON_DUTY),
    # the office
    Line("GET", "/office/board", OFFICE | AUDITOR),
    Line("GET", "/office/cases", OFFICE | AUDITOR),
    Line("GET", "/office/cases.csv", OFFICE | AUDITOR),
    Line("GET", "/office/calls", OFFICE | AUDITOR),
    Line("GET", "/office/calls/{code}", OFFICE | AUDITOR),
    Line("GET", "/office/calls/new", OFFICE),
    Line("POST", "/office/calls/new", OFFICE, ok=422, body=PAGE_CALL, harmless={}),
    Line("GET", "/office/calls/{code}/extension", OFFICE),
    Line("POST", "/office/calls/{code}/extension", OFFICE, ok=422,
         body={"closes_at": "2099-12-31T18:00", "reasons": "系统维护。"}, harmless={}),
    Line("POST", "/office/calls/{code}/attachments", OFFICE, ok=422, body={}),
    Line("POST", "/office/calls/{code}/attachments/{sha256}/removal", OFFICE, ok=404),
    Line("GET", "/office/policy", OVERSEERS),
    Line("GET", "/office/policy/{parameter}", OVERSEERS),
    Line("POST", "/office/policy/{parameter}/changes/{change_id}", OFFICE | DECIDER, ok=409, body={"act": "confirm"}),
    Line("POST", "/office/policy/{parameter}/changes/{change_id}", OFFICE | DECIDER, ok=409, body={"act": "decline"}),
    Line("POST", "/office/policy/{parameter}/changes/{change_id}", OFFICE, ok=409, body={"act": "withdraw"}),
    Line("POST", "/office/policy/{parameter}", OFFICE, ok=422, body=NEW_VALUE, harmless={}),
    Line("GET", "/account/delegation", ON_DUTY),
    Line("POST", "/account/delegation", ON_DUTY, ok=422, body={"act": "delegate"}),
    Line("GET", "/office/people/{user_id}/delegation", OFFICE),
    Line("POST", "/office/people/{user_id}/delegation", OFFICE, ok=422, body={"act": "delegate"}),
    Line("POST", "/office/people/{user_id}", OFFICE, ok=422, body={"act": "superior", "superior": "{user_id}"}),
    Line("POST", "/decisions/{decision_id}/undoing", RECOMMENDER, ok=409, rule=Rule.PART, body=REASON),
    Line("GET", "/office/calls/{code}/quotas", OFFICE | AUDITOR),
    Line("POST", "/office/calls/{code}/quotas", OFFICE, ok=422,
         body={"places-{bureau}": "5"}, harmless={"places-{bureau}": "x"}),
    Line("POST", "/office/calls/{code}/quotas/import", OFFICE, ok=422, body={}),
    Line("GET", "/office/calls/{code}/quotas.xlsx", OFFICE | AUDITOR),
    Line("GET", "/office/calls/{code}/recommended.xlsx", OFFICE | AUDITOR),
    Line("GET", "/office/experts", OFFICE),
    Line("GET", "/office/experts/template.xlsx", OFFICE),
    Line("GET", "/office/experts/import", OFFICE),
    Line("POST", "/office/experts/import", OFFICE, ok=422),
    Line("GET", "/office/experts/new", OFFICE),
    Line("POST", "/office/experts/new", OFFICE, ok=422, body=NEW_PERSON, harmless={}),
    Line("GET", "/office/experts/{user_id}", OFFICE),
    Line("POST", "/office/experts/{user_id}", OFFICE, ok=422, body={"act": "suspend"}),
    Line("GET", "/office/draws/new", OFFICE, ok=404),
    Line("POST", "/office/draws/new", OFFICE, ok=404),
    Line("GET", "/office/draws/{draw_id}", OFFICE, ok=404),
    Line("POST", "/office/draws/{draw_id}", OFFICE, ok=404, body={"act": "confirm"}),
    Line("POST", "/office/draws/{draw_id}/telephone", OFFICE, ok=404, body={"answer": "decline"}),
    Line("GET", "/office/cases/{reference}/conflicts", OFFICE),
    Line("POST", "/office/cases/{reference}/conflicts", OFFICE, ok=404, body=FOUND, harmless={}),
    Line("GET", "/office/people", KEEPERS),
    Line("GET", "/office/people/new", ADMINISTRATOR),
    Line("POST", "/office/people/new", ADMINISTRATOR, ok=422, body=NEW_PERSON, harmless=TAKEN),
    Line("GET", "/office/people/{user_id}", KEEPERS),
    Line("POST", "/office/people/{user_id}", ADMINISTRATOR, ok=409, at="closed", body={"act": "close"}),
    Line("POST", "/office/people/{user_id}", ADMINISTRATOR, ok=409, at="closed", body={"act": "password"}),
    Line("POST", "/office/people/{user_id}", ADMINISTRATOR, ok=409, body={"act": "reopen"}),
    Line("POST", "/office/people/{user_id}", ADMINISTRATOR, ok=409, body={"act": "second-factor", "reason": "遗失"}),
    Line("POST", "/office/people/{user_id}", ADMINISTRATOR, ok=409, at="applicant",
         body={"act": "roles", "roles": "office"}),
    # certification, publicity, objections, revocation
    Line("GET", "/office/calls/{code}/summary", OVERSEERS),
    Line("GET", "/office/calls/{code}/summary.xlsx", OVERSEERS),
    Line("GET", "/meetings", DECIDER),
    Line("GET", "/meetings/{code}", DECIDER),
    Line("POST", "/meetings/{code}", DECIDER, ok=422, body={"duties": "{certify}"}, harmless={}),
    Line("GET", "/office/publicity", OFFICE),
    Line("GET", "/office/publicity/new", OFFICE, query=f"?call={CALL}"),
    Line("POST", "/office/publicity/new", OFFICE, query=f"?call={CALL}", body={"step": "publish"}, harmless={}),
    Line("GET", "/office/objections", OFFICE | DECIDER),
    Line("GET", "/office/objections/{objection_id}", OFFICE | DECIDER),
    Line("GET", "/office/objections/{objection_id}/files/{file_id}", OFFICE | DECIDER),
    Line("POST", "/office/objections/{objection_id}", OFFICE, ok=409, body={"act": "accept", "gist": "要点"}),
    Line("POST", "/office/objections/{objection_id}", OFFICE, ok=409, body={"act": "refuse", "reasons": "无事实"}),
    Line("POST", "/office/objections/{objection_id}", OFFICE, ok=422, body={"act": "note", "text": "调查"},
         harmless={"act": "note"}),
    Line("POST", "/office/objections/{objection_id}", OFFICE, ok=422,
         body={"act": "conclude", "result": "upheld", "reasons": "属实"}, harmless={"act": "conclude"}),
    Line("GET", "/cases/{reference}/objections/{objection_id}", OWNER | OFFICE | DECIDER, rule=Rule.CASE,
         at="objection"),
    Line("POST", "/cases/{reference}/objections/{objection_id}", OWNER, ok=409, rule=Rule.CASE, at="objection",
         body={"statement": "说明"}),
    Line("GET", "/office/revocations", OFFICE | DECIDER),
    Line("GET", "/office/revocations/new", OFFICE),
    Line("POST", "/office/revocations/new", OFFICE, ok=422, body=REVOCATION | {"number": "{certificate}"}, harmless={}),
    Line("GET", "/office/revocations/{revocation_id}", OFFICE | DECIDER),
    Line("POST", "/office/revocations/{revocation_id}", DECIDER, ok=409, body={"act": "confirm"}),
    Line("POST", "/office/revocations/{revocation_id}", DECIDER, ok=409, body={"act": "decline", "answer": "不实"}),
    # announcements and plaques
    Line("GET", "/office/announcements", OFFICE),
    Line("GET", "/office/announcements/new", OFFICE, query=f"?call={CALL}"),
    Line("POST", "/office/announcements/new", OFFICE, ok=422, query=f"?call={CALL}",
         body=ANNOUNCEMENT | {"certificates": "{certificate}"}, harmless={}),
    Line("GET", "/office/plaques", OFFICE),
    Line("GET", "/office/plaques.xlsx", OFFICE),
    Line("POST", "/office/plaques", OFFICE, ok=422, body={"certificates": "{certificate}"}, harmless={}),
    Line("GET", "/office/plaques/{plaque_id}", OFFICE),
    Line("POST", "/office/plaques/{plaque_id}", OFFICE, ok=409, body={"act": "made", "on": "2026-01-05"}),
    # the operators
    Line("GET", "/operator/stalled", OPERATOR),
    Line("GET", "/operator/stalled/{cause}", OPERATOR, ok=404),
    Line("GET", "/operator/reruns", OPERATOR),
    Line("GET", "/operator/reruns/new", OPERATOR, query="?ids={our_reference}"),
    Line("POST", "/operator/reruns", OPERATOR, ok=303, body={"ids": "{our_reference}"}, harmless={}),
    Line("GET", "/operator/reruns/{rerun_id}", OPERATOR, ok=404),
    Line("GET", "/operator/by-hand", OPERATOR | DECIDER),
    Line("POST", "/operator/by-hand/{waiver_id}", OPERATOR | DECIDER, ok=404, body={"act": "confirm"}),
    Line("GET", "/operator/by-hand/cases/{reference}", OPERATOR),
    Line("POST", "/operator/by-hand/cases/{reference}", OPERATOR, ok=409, body={"part": "letters", "reason": "已电告"}),
    Line("GET", "/operator/engine", OPERATOR),
    Line("GET", "/operator/letters", OPERATOR),
    Line("GET", "/operator/letters/{letter_id}", OPERATOR),
    Line("POST", "/operator/letters/{letter_id}", OPERATOR, ok=409),
)  # fmt: skip

API = (
    Line("GET", "/healthz"),
    Line("GET", "/readyz"),
    Line("GET", "/metrics"),  # from this machine; from others by its token, see tests/unit/api/test_metrics.py
    Line("GET", f"{V1}/openapi.json"),
    Line("POST", f"{V1}/sign-in", ok=422, body={}),
    Line("GET", f"{V1}/me", SIGNED_IN),
    Line("GET", f"{V1}/tokens", SIGNED_IN),
    Line("POST", f"{V1}/tokens", SIGNED_IN, ok=422, body={"name": "x"}, harmless={}),
    Line("DELETE", f"{V1}/tokens/{{token_id}}", OWNER, ok=204, rule=Rule.CASE),
    Line("GET", f"{V1}/calls"),
    Line("GET", f"{V1}/calls/{{code}}"),
    Line("POST", f"{V1}/calls", OFFICE, ok=422, body=NEW_CALL, harmless=NEW_CALL | NEVER),
    Line("GET", f"{V1}/calls/{{code}}/extensions"),
    Line("POST", f"{V1}/calls/{{code}}/extensions", OFFICE, ok=422,
         body={"closes_at": "2099-12-31T18:00:00+08:00", "reasons": "系统维护。"}, harmless={"reasons": ""}),
    Line("GET", f"{V1}/calls/{{code}}/attachments"),
    Line("POST", f"{V1}/calls/{{code}}/attachments", OFFICE, ok=422, body={}),
    Line("GET", f"{V1}/calls/{{code}}/attachments/{{sha256}}", ok=404),
    Line("DELETE", f"{V1}/calls/{{code}}/attachments/{{sha256}}", OFFICE, ok=404),
    Line("GET", f"{V1}/policy", OVERSEERS),
    Line("GET", f"{V1}/policy/{{parameter}}/changes", OVERSEERS),
    Line("POST", f"{V1}/policy/{{parameter}}/changes", OFFICE, ok=422, body=NEW_VALUE, harmless=NEW_VALUE | EVEN),
    Line("POST", f"{CHANGE}/confirmation", OFFICE | DECIDER, ok=409),
    Line("POST", f"{CHANGE}/withdrawal", OFFICE, ok=409),
    Line("POST", f"{CHANGE}/refusal", OFFICE | DECIDER, ok=409, body={"answer": "依据不足"}),
    Line("GET", f"{V1}/recommenders"),
    Line("GET", f"{V1}/form"),
    Line("GET", f"{V1}/register"),
    Line("GET", f"{V1}/certificates/{{number_or_token}}"),
    Line("GET", f"{V1}/certificates/{{token}}/pdf"),
    Line("POST", f"{V1}/certificates/{{number}}/revocation", OFFICE, ok=409, at="certificate", body=REVOCATION),
    Line("GET", f"{V1}/revocations", OFFICE | DECIDER),
    Line("POST", f"{V1}/revocations/{{revocation_id}}/confirmation", DECIDER, ok=409),
    Line("POST", f"{V1}/revocations/{{revocation_id}}/refusal", DECIDER, ok=409, body={"answer": "不实"}),
    Line("GET", f"{V1}/announcements"),
    Line("GET", f"{V1}/announcements/{{announcement_id}}"),
    Line("GET", f"{V1}/announcements/{{announcement_id}}/pdf"),
    Line("GET", f"{V1}/calls/{{code}}/unannounced", OFFICE),
    Line("POST", f"{V1}/calls/{{code}}/announcements", OFFICE, ok=422, body=ANNOUNCEMENT | {"certificates": []}),
    Line("GET", f"{V1}/plaques", OFFICE),
    Line("POST", f"{V1}/plaques", OFFICE, ok=409, body={"certificate": "{certificate}"}),
    Line("POST", f"{V1}/plaques/{{plaque_id}}/making", OFFICE, ok=409, body={"on": "2026-01-05"}),
    Line("POST", f"{V1}/plaques/{{plaque_id}}/handover", OFFICE, ok=409, body={"on": "2026-01-05", "to": "示例"}),
    Line("POST", f"{V1}/plaques/{{plaque_id}}/ending", OFFICE, ok=422, body={"on": "2099-01-05", "ending": "returned"}),
    # certification, publicity, objections
    Line("GET", f"{V1}/calls/{{code}}/summary", OVERSEERS),
    Line("GET", f"{V1}/calls/{{code}}/meetings", OVERSEERS),
    Line("POST", f"{V1}/calls/{{code}}/resolution", DECIDER, ok=422,
         body={"items": [{"assignment": "{certify}", "outcome": "approved"}]}, harmless={"items": []}),
    Line("GET", f"{V1}/publicity"),
    Line("GET", f"{V1}/publicity/{{publicity_id}}"),
    Line("POST", f"{V1}/publicity/{{publicity_id}}/cases/{{reference}}/objections", ok=409, at="objection", body={}),
    Line("POST", f"{V1}/publicity", OFFICE, ok=422,
         body={"title": "示例公示", "first_on": "2026-01-05", "assignments": []}),
    Line("GET", f"{V1}/objections", OFFICE | DECIDER),
    Line("GET", f"{V1}/objections/{{objection_id}}", OFFICE | DECIDER),
    Line("POST", f"{V1}/objections/{{objection_id}}/acceptance", OFFICE, ok=409, body={"gist": "要点"}),
    Line("POST", f"{V1}/objections/{{objection_id}}/refusal", OFFICE, ok=409, body={"reasons": "无事实"}),
    Line("POST", f"{V1}/objections/{{objection_id}}/notes", OFFICE, ok=422, body={"text": "调查"},
         harmless={"text": ""}),
    Line("POST", f"{V1}/objections/{{objection_id}}/conclusion", OFFICE, ok=422,
         body={"result": "upheld", "reasons": "属实"}, harmless={"result": "", "reasons": ""}),
    Line("GET", f"{CASE}/objections", SEES, rule=Rule.CASE),
    Line("POST", f"{CASE}/objections/{{objection_id}}/statement", OWNER, ok=409, rule=Rule.PART, at="objection",
         body={"statement": "说明"}),
    # applications
    Line("GET", f"{V1}/delegations", SIGNED_IN - APPLICANTS),
    Line("POST", f"{V1}/delegations", SIGNED_IN - APPLICANTS, ok=422, body=STANDS_IN, harmless={}),
    Line("POST", f"{V1}/delegations/{{delegation_id}}/end", SIGNED_IN, ok=404),
    Line("PUT", f"{PERSON}/superior", OFFICE, ok=422, body={"superior": "{person_id}"}),
    Line("POST", f"{V1}/decisions/{{decision_id}}/undoing", RECOMMENDER, ok=409, rule=Rule.PART, body=REASON),
    Line("GET", f"{V1}/applications", APPLICANTS),
    Line("POST", f"{V1}/applications", APPLICANTS, ok=409, body={"call": CALL, "recommender_id": "{bureau}"}),
    Line("GET", APPLICATION, OWNER, rule=Rule.OWN),
    Line("PATCH", APPLICATION, OWNER, ok=409, rule=Rule.OWN, body={"postcode": "430000"}),
    Line("POST", f"{APPLICATION}/submission", OWNER, ok=409, rule=Rule.OWN),
    Line("GET", f"{APPLICATION}/pdf", OWNER, rule=Rule.OWN),
    Line("GET", f"{APPLICATION}/rows/{{table}}", OWNER, rule=Rule.OWN),
    Line("GET", f"{APPLICATION}/rows/{{table}}/template", OWNER, rule=Rule.OWN),
    Line("PUT", f"{APPLICATION}/rows/{{table}}", OWNER, ok=422, rule=Rule.OWN, files=True),
    Line("GET", f"{APPLICATION}/attachments/{{kind}}", OWNER, rule=Rule.OWN),
    Line("PUT", f"{APPLICATION}/attachments/{{kind}}", OWNER, ok=409, rule=Rule.OWN, files=True),
    Line("DELETE", f"{APPLICATION}/attachments/{{kind}}", OWNER, ok=409, rule=Rule.OWN),
    # assignments
    Line("GET", f"{V1}/assignments", SIGNED_IN),
    Line("GET", ONE, RECOMMENDER, at="recommend"),
    Line("GET", ONE, EXPERT, at="review"),
    Line("GET", ONE, INSPECTOR, at="inspect"),
    Line("GET", ONE, DECIDER, at="certify"),
    Line("GET", f"{ONE}/candidates", OFFICE, at="assemble-panel"),
    Line("GET", f"{ONE}/candidates", OFFICE, at="assemble-team"),
    Line("POST", f"{ONE}/decision", RECOMMENDER, ok=409, at="recommend", body=YES),
    Line("POST", f"{ONE}/decision", CHAIR, ok=409, at="conclude", body=YES),
    Line("POST", f"{ONE}/decision", DECIDER, ok=422, at="certify", body=YES, harmless=NO_REASON),
    Line("POST", f"{ONE}/review", EXPERT, ok=409, at="review", body=REVIEW),
    Line("POST", f"{ONE}/inspection", INSPECTOR, ok=409, at="inspect", body=VISIT),
    Line("POST", f"{ONE}/members", OFFICE, ok=409, at="assemble-panel", body=MEMBERS),
    Line("POST", f"{ONE}/members", OFFICE, ok=409, at="assemble-team", body=MEMBERS),
    Line("POST", f"{ONE}/replacement", OFFICE, ok=409, at="review", body={"member": "{other_expert}"}),
    # visits: whoever sees the case learns that the visit is over, whoever else of nothing
    Line("GET", f"{ONE}/checklist", INSPECTOR, at="inspect"),
    Line("PUT", f"{ONE}/record", INSPECTOR, ok=409, at="inspect", body=VISIT),
    Line("POST", f"{ONE}/confirmation", INSPECTOR, ok=409, at="inspect", body={"sha256": "{sha256}"}),
    Line("GET", f"{ONE}/photos", INSPECTOR, at="inspect"),
    Line("POST", f"{ONE}/photos", INSPECTOR, ok=409, at="inspect", files=True),
    Line("DELETE", f"{ONE}/photos/{{sha256}}", INSPECTOR, ok=409, at="inspect"),
    Line("PUT", f"{ONE}/signed-page", INSPECTOR, ok=409, at="inspect", files=True),
    Line("DELETE", f"{ONE}/signed-page", INSPECTOR, ok=409, at="inspect"),
    Line("GET", f"{CASE}/inspections/{{number}}/pdf", INSPECTOR | OVERSEERS, rule=Rule.CASE, at="inspect"),
    Line("GET", f"{CASE}/photos/{{sha256}}", INSPECTOR | OVERSEERS, rule=Rule.CASE, at="photo"),
    Line("GET", f"{CASE}/visit", OWNER | INSPECTOR | OVERSEERS, rule=Rule.CASE, at="inspect"),
    Line("GET", f"{CASE}/visit/calendar", OWNER | INSPECTOR | OVERSEERS, ok=404, rule=Rule.CASE, at="inspect"),
    Line("POST", f"{CASE}/visit/offer", SEES, ok=409, rule=Rule.CASE, at="inspect", body=OFFER),
    Line("POST", f"{CASE}/visit/answer", SEES, ok=409, rule=Rule.CASE, at="inspect", body=REASONS),
    Line("POST", f"{CASE}/visit/move", SEES, ok=409, rule=Rule.CASE, at="inspect", body=REASONS | {"day": LATER}),
    Line("POST", f"{CASE}/visit/cancellation", SEES, ok=409, rule=Rule.CASE, at="inspect", body=REASONS),
    # cases
    Line("GET", f"{V1}/cases", SIGNED_IN),
    Line("GET", CASE, SEES, rule=Rule.CASE),
    Line("POST", f"{CASE}/withdrawal", OWNER, ok=422, rule=Rule.PART, body={"reasons": "不再申报"}, harmless=TOO_LONG),
    Line("GET", f"{CASE}/submissions", PAPERS, rule=Rule.PART),
    Line("GET", f"{CASE}/submissions/{{number}}/pdf", PAPERS, rule=Rule.PART),
    Line("GET", f"{CASE}/files/{{sha256}}", PAPERS, rule=Rule.PART),
    Line("GET", f"{CASE}/reviews", EXPERT | CHAIR | OVERSEERS, rule=Rule.PART),
    Line("GET", f"{CASE}/inspections", INSPECTOR | OVERSEERS, rule=Rule.PART),
    Line("GET", f"{CASE}/members", OFFICE),
    Line("GET", f"{CASE}/examinations", EXAMINERS, rule=Rule.PART),
    Line("GET", f"{CASE}/scans/{{sha256}}", EXAMINERS, rule=Rule.PART),
    Line("GET", f"{CASE}/notice", OWNER | EXAMINERS, ok=404, rule=Rule.PART),
    Line("GET", f"{CASE}/notice/pdf", OWNER | EXAMINERS, ok=404, rule=Rule.PART),
    Line("PUT", f"{ONE}/scan", RECOMMENDER, ok=409, at="recommend", files=True),
    Line("DELETE", f"{ONE}/scan", RECOMMENDER, ok=409, at="recommend"),
    Line("POST", f"{ONE}/waiting", RECOMMENDER, ok=409, at="recommend"),
    Line("GET", f"{V1}/recommendations/{{code}}", RECOMMENDERS),
    Line("PUT", f"{V1}/recommendations/{{code}}/ranking", RECOMMENDERS, ok=422,
         body={"places": {"{our_reference}": 2}}, harmless={"places": {"JD-0000-0000": 1}}),
    Line("GET", f"{V1}/recommendations/{{code}}/letter", RECOMMENDERS),
    Line("GET", f"{V1}/recommendations/{{code}}/summary", RECOMMENDERS),
    Line("GET", f"{V1}/recommendations/{{code}}/spreadsheet", RECOMMENDERS),
    Line("GET", f"{V1}/calls/{{code}}/quotas", OVERSEERS),
    Line("PUT", f"{V1}/calls/{{code}}/quotas", OFFICE, ok=422,
         body={"quotas": [{"recommender": "{bureau}", "places": 5}]},
         harmless={"quotas": [{"recommender": "{bureau}", "places": -1}]}),
    Line("GET", f"{CASE}/runs", OPERATOR | OVERSEERS, rule=Rule.PART),
    Line("GET", f"{V1}/calls/{{code}}/sheet"),
    Line("PUT", f"{V1}/calls/{{code}}/sheet", OFFICE, ok=409, body=SHEET),
    Line("DELETE", f"{V1}/calls/{{code}}/sheet", OFFICE, ok=409),
    Line("GET", f"{ONE}/draft", EXPERT, at="review"),
    Line("PUT", f"{ONE}/draft", EXPERT, ok=409, at="review", body={"typed": {"opinion": "草稿"}}),
    Line("GET", f"{CASE}/results", CHAIR | OVERSEERS, rule=Rule.PART),
    Line("GET", f"{CASE}/resolutions/{{number}}/pdf", CHAIR | OVERSEERS, rule=Rule.PART, at="resolution"),
    Line("POST", f"{CASE}/panel", OFFICE, ok=409, body=MORE),
    Line("GET", f"{CASE}/clarifications", CONCERNED, rule=Rule.PART),
    Line("POST", f"{CASE}/clarifications", NOBODY, rule=Rule.PART, body=QUESTION),
    Line("POST", f"{CASE}/clarifications/{{number}}/answer", OWNER, ok=409, rule=Rule.PART, at="question",
         body=ANSWERED),
    # people
    Line("GET", f"{V1}/experts", OFFICE),
    Line("GET", f"{V1}/experts/{{person_id}}", OFFICE),
    Line("POST", f"{V1}/draws", OFFICE, ok=422, body={"assignments": []}),
    Line("GET", f"{V1}/draws/{{draw_id}}", OFFICE, ok=404),
    Line("POST", f"{V1}/draws/{{draw_id}}/confirmation", OFFICE, ok=404),
    Line("POST", f"{V1}/draws/{{draw_id}}/discard", OFFICE, ok=404, body=REASON),
    Line("POST", f"{V1}/draws/{{draw_id}}/invitations/{{number}}/telephone-answer", OFFICE, ok=404, body=TELEPHONED),
    Line("PUT", f"{V1}/experts/{{person_id}}", OFFICE, ok=422, body=EXPERT_PROFILE,
         harmless=EXPERT_PROFILE | {"employers": []}),
    Line("POST", f"{V1}/experts/{{person_id}}/suspension", OFFICE, ok=422, body=REASON, harmless={"reason": ""}),
    Line("DELETE", f"{V1}/experts/{{person_id}}/suspension", OFFICE, ok=409),
    Line("POST", f"{ONE}/answer", EXPERT, ok=404, at="review", body={"answer": "decline", "reason": "出国"}),
    Line("POST", f"{ONE}/recusal", EXPERT, ok=409, at="review", body=REASON),
    Line("POST", f"{CASE}/unmasking", OFFICE | RECOMMENDER, ok=422, rule=Rule.PART,
         body={"purpose": "核实"}, harmless={"purpose": ""}),
    Line("GET", f"{V1}/unmaskings", DECIDER | AUDITOR),
    Line("GET", f"{CASE}/conflicts", OFFICE),
    Line("POST", f"{CASE}/conflicts", OFFICE, ok=404, body=REASON | {"upheld": True, "kind": "found",
         "expert": "{expert}"}, harmless=REASON | {"upheld": True}),
    Line("GET", f"{CASE}/avoidance", OWNER | OFFICE, rule=Rule.PART),
    Line("POST", f"{CASE}/avoidance", OWNER, ok=422, rule=Rule.PART, body=AVOID,
         harmless={"avoided": [{"name": "", "reason": ""}]}),
    Line("GET", f"{V1}/people", KEEPERS),
    Line("GET", PERSON, KEEPERS),
    Line("POST", f"{V1}/people", ADMINISTRATOR, ok=422, body=NEW_PERSON, harmless=NEW_PERSON | TAKEN),
    Line("POST", f"{PERSON}/password", ADMINISTRATOR, ok=409, at="closed"),
    Line("PUT", f"{PERSON}/roles", ADMINISTRATOR, ok=409, at="applicant", body={"roles": ["office"]}),
    Line("POST", f"{PERSON}/close", ADMINISTRATOR, ok=409, at="closed"),
    Line("POST", f"{PERSON}/reopen", ADMINISTRATOR, ok=409),
    Line("POST", f"{PERSON}/unlock", ADMINISTRATOR, ok=409),
    Line("POST", f"{PERSON}/second-factor/reset", ADMINISTRATOR, ok=409, body=REASON),
    # the operators
    Line("GET", f"{V1}/stalled", OPERATOR),
    Line("POST", f"{V1}/stalled/rerun", OPERATOR, ok=202,
         body={"references": ["{our_reference}"]}, harmless={"references": ["JD-0000-0000"]}),
    Line("GET", f"{V1}/stalled/causes", OPERATOR),
    Line("POST", f"{V1}/stalled/plan", OPERATOR, ok=422, body={"references": ["{our_reference}"]},
         harmless={"references": ["JD-0000-0000"]}),
    Line("POST", f"{V1}/reruns", OPERATOR, ok=422, body={"references": ["{our_reference}"]},
         harmless={"references": ["JD-0000-0000"]}),
    Line("GET", f"{V1}/reruns", OPERATOR),
    Line("GET", f"{V1}/reruns/{{rerun_id}}", OPERATOR, ok=404),
    Line("GET", f"{V1}/by-hand", OPERATOR | DECIDER),
    Line("GET", f"{V1}/by-hand/cases/{{reference}}", OPERATOR),
    Line("POST", f"{V1}/by-hand/cases/{{reference}}", OPERATOR, ok=409, body={"part": "letters", "reason": "已电告"}),
    Line("POST", f"{V1}/by-hand/{{waiver_id}}/confirmation", OPERATOR | DECIDER, ok=404),
    Line("POST", f"{V1}/by-hand/{{waiver_id}}/withdrawal", OPERATOR | DECIDER, ok=404),
    Line("GET", f"{V1}/engine", OPERATOR),
    Line("GET", f"{V1}/messages", OPERATOR),
    Line("POST", f"{V1}/messages/{{message_id}}/send-again", OPERATOR, ok=409),
)  # fmt: skip

MATRIX = (*PAGES, *API)
