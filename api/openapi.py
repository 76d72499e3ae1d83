"""The API's description of itself: refusals as problem documents, and nothing that is not true."""

from typing import Any

from fastapi import FastAPI

from api.errors import MEDIA_TYPE

ABOUT = """
The proceedings of accrediting Hubei's provincial continuing-education bases (鄂人社发〔2015〕25号).

**Signing in.** `POST /api/v1/sign-in` gives a token; send it as `Authorization: Bearer jidi_…`. The browser's session
cookie is not accepted here, so no page can be tricked into using this API.

**Acting.** People record facts (a decision, a review, a visit); the flow draws the conclusions a moment later. Ask
`GET /api/v1/cases/{reference}` whose turn it is. Posts take an `Idempotency-Key`: the same key with the same request
is one effect and the same answer.

**Refusals** are problem documents (RFC 9457) in Chinese, or in English for `Accept-Language: en`. `code` is stable;
`errors` names every fault at once.

**Lists** come in pages: `?limit=` (at most 200) and `?after=` with the `next` of the page before, or follow
`Link: rel="next"`. Instants are RFC 3339 in UTC, days are those of Hubei.
""".strip()

TAGS = {
    "Signing in": "Tokens for programs, and who a token stands for.",
    "Calls": "Dated invitations to apply, their policy, the form and the recommending bodies.",
    "Applications": "The institution's own drafts, their papers and their submission.",
    "Recommendations": "A body's files of a call in their order, its places and the papers it sends.",
    "Assignments": "Whose duty what is, and doing it.",
    "Experts": "The pool, panels drawn from it, answers to invitations, and who may not judge a case.",
    "Scoring": "The sheet of a call, marks in preparation, what a panel's reviews come to, and its resolution.",
    "Visits": "The day of a visit, what it compares, its photos and who stands by its record.",
    "Cases": "Where a case stands, what was decided, and every run of its flow.",
    "Certification": "The figures of a call, the meetings that decide on them, and a list decided at once.",
    "Publicity": "The lists that are public before bases are recognised; no sign-in needed to read.",
    "Objections": "Objections to a public list: taken up, investigated, answered; and the applicant's own words.",
    "Certificates": "Certificates, their verification and the public register; no sign-in needed to read.",
    "People": "Accounts in the office's hands.",
    "Operating": "Stalled cases, letters, health.",
}
PROBLEMS = ("Problem", "UnknownCertificate")
VALIDATION = "HTTPValidationError"
"""What the framework would declare for every operation with a parameter; ours are problems, where there can be one."""


class Documented(FastAPI):
    """The application, whose OpenAPI document says what the framework's own would get wrong."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if not self.openapi_schema:
            schema = super().openapi()
            schema["info"]["description"] = ABOUT
            schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
            for operations in schema["paths"].values():
                for operation in operations.values():
                    as_problems(operation["responses"])
            for unused in (VALIDATION, "ValidationError"):
                schema["components"]["schemas"].pop(unused, None)
            self.openapi_schema = schema
        return self.openapi_schema


def as_problems(responses: dict[str, Any]) -> None:
    """Give the refusals of an operation their media type, and take out those that cannot happen."""
    for status, response in list(responses.items()):
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        shape = schema.get("$ref", "").rpartition("/")[2]
        if shape in PROBLEMS:
            response["content"] = {MEDIA_TYPE: {"schema": schema}}
        elif shape == VALIDATION:
            del responses[status]
