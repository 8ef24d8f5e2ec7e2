"""What goes wrong, as the systems of agencies are told: one shape for everything (RFC 9457, application/problem+json).

Nothing that was sent is said again, and nothing of a case: of one that does not exist and of one that is not theirs
the answer is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from victimcare.commands.answer_once import KeyUsedOtherwise
from victimcare.domain.case import EventRefused
from victimcare.store.api_clients import WrittenMeanwhile
from victimcare.store.cases import CaseChanged
from victimcare.web.deps import REQUEST_ID, CannotAudit
from victimcare.web.policies import API

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:victimcare:problem:"


class FieldProblem(BaseModel):
    """What is wrong with one field, by its place in what was sent: `details.hearing_on`."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem. `reference` is what whoever runs the service finds in its log; `error` is that of OAuth 2."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=[f"{_TYPE}not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["There is no such case, or it does not concern your agency."])
    reference: str | None = None
    errors: list[FieldProblem] | None = None
    error: str | None = None


class Refused(Exception):
    """Raised where the API itself refuses, with all that the answer says."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        error: str | None = None,
    ) -> None:
        self.status = status
        self.slug = slug
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.error = error
        super().__init__(detail)


_SAID: Mapping[int, str] = {
    400: "This request cannot be read.",
    403: "This is not for your system to ask.",
    404: "There is nothing here that concerns your agency.",
    405: "This cannot be asked here in this way.",
    409: "This cannot be recorded as things stand.",
    412: "The case has changed since you read it: read it again.",
    413: "This is more than is read at once: send less.",
    422: "This is not as the contract has it.",
    500: "Something went wrong here. Nothing was changed.",
    503: "The service cannot answer now. Nothing was changed: send it again in a minute.",
}
_OF: Mapping[type[Exception], tuple[int, str]] = {
    EventRefused: (409, "cannot-be-recorded"),
    CaseChanged: (412, "case-changed"),
    KeyUsedOtherwise: (422, "key-used-otherwise"),
    WrittenMeanwhile: (409, "asked-twice-at-once"),
    CannotAudit: (503, "cannot-be-written-down"),
    RequestValidationError: (422, "not-as-the-contract"),
}
"""What systems are told otherwise than people: for them, a body that is well formed and a case that will not have it
are two things."""


def is_for_systems(request: Request) -> bool:
    """Whether a system of an agency asked, and not a person."""
    return request.url.path.startswith(API)


def as_problem(request: Request, status: int, exception: Exception | None = None) -> Response:
    """The problem of this status, or as what happened has it."""
    if isinstance(exception, Refused):
        headers, error = exception.headers, exception.error
        return _answer(
            request, exception.status, exception.slug, exception.detail, exception.errors, headers=headers, error=error
        )
    slug = HTTPStatus(status).phrase.lower().replace(" ", "-")
    for kind, (its_status, its_slug) in _OF.items():
        if isinstance(exception, kind):
            status, slug = its_status, its_slug
    detail, errors = _SAID.get(status, _SAID[400]), _errors(exception)
    if isinstance(exception, KeyUsedOtherwise | WrittenMeanwhile):
        detail = f"{str(exception)[:1].upper()}{str(exception)[1:]}."
    answer = _answer(request, status, slug, detail, errors)
    if status == 503 or isinstance(exception, WrittenMeanwhile):
        answer.headers["Retry-After"] = "60" if status == 503 else "1"
    for name, value in (getattr(exception, "headers", None) or {}).items():
        answer.headers[name] = value
    return answer


def refused(request: Request, exception: Exception) -> Response:
    """As an application is told to answer what `Refused` says."""
    return as_problem(request, 400, exception)


def _errors(exception: Exception | None) -> list[FieldProblem]:
    if isinstance(exception, EventRefused):
        return [FieldProblem(field=exception.field, message=exception.why)]
    if isinstance(exception, RequestValidationError):
        return field_problems(exception.errors())
    return []


def field_problems(errors: Sequence[Mapping[str, object]]) -> list[FieldProblem]:
    """What pydantic found wrong, without what was sent."""
    found = []
    for each in errors[:20]:
        place = each["loc"] if isinstance(each["loc"], tuple) else ()
        # Of a field that there is not, its name is what was sent: it is not said again.
        named = place[:-1] if each["type"] == "extra_forbidden" else place
        words = {"extra_forbidden": "There is a field here that the contract has not"}
        message = words.get(str(each["type"]), str(each["msg"]))
        found.append(FieldProblem(field=".".join(map(str, named)), message=message))
    return found


def _answer(
    request: Request,
    status: int,
    slug: str,
    detail: str,
    errors: Sequence[FieldProblem],
    *,
    headers: Mapping[str, str] | None = None,
    error: str | None = None,
) -> Response:
    said = Problem(
        type=f"{_TYPE}{slug}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        reference=request.scope.get(REQUEST_ID),
        errors=list(errors) or None,
        error=error,
    )
    content = said.model_dump(exclude_none=True)
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)
