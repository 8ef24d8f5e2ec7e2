"""A system of an agency takes a token: OAuth 2 client credentials (RFC 6749 section 4.4)."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from victimcare.commands.take_token import GOOD_FOR, NOT_THEIRS, THROTTLED, Refused, Token, take_token
from victimcare.domain.api_scopes import ApiScope
from victimcare.web.api.answers import TokenAnswer
from victimcare.web.api.bodies import body_sent
from victimcare.web.api.callers import open_to_systems
from victimcare.web.api.problems import Refused as RefusedHere
from victimcare.web.deps import Now, TheDatabase, address_of

FORM = "application/x-www-form-urlencoded"
_FIELDS = {"grant_type", "client_id", "client_secret", "scope"}
_LONGEST = 200
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_id": {"type": "string", "maxLength": _LONGEST},
                        "client_secret": {"type": "string", "maxLength": _LONGEST},
                        "scope": {"type": "string", "maxLength": _LONGEST, "examples": ["cases:read"]},
                    },
                },
                "example": {"grant_type": "client_credentials", "scope": "cases:read"},
            }
        },
    }
}

router = APIRouter(prefix="/api/v1", tags=["tokens"], dependencies=[open_to_systems()])


@router.post("/token", response_model=TokenAnswer, openapi_extra=_BODY)
async def token(request: Request, response: Response, database: TheDatabase, now: Now) -> Any:
    """Take a token, good for fifteen minutes. Show client id and secret by HTTP Basic, or in the form."""
    form = await _form(request)
    client_id, secret = _shown(request, form)
    if form.get("grant_type") != "client_credentials":
        raise _refused(400, "unsupported_grant_type", "The grant type is client_credentials.")
    scopes = _scopes(form.get("scope"))

    def take() -> Token | Refused:
        with database.writing() as connection:
            return take_token(
                connection, client_id=client_id, secret=secret, scopes=scopes, address=address_of(request), now=now
            )

    taken = await run_in_threadpool(take)
    if isinstance(taken, Refused):
        raise _why(taken)
    response.headers["Pragma"] = "no-cache"
    return TokenAnswer(
        access_token=taken.token,
        token_type="Bearer",  # noqa: S106 - what kind it is
        expires_in=int(GOOD_FOR.total_seconds()),
        scope=" ".join(sorted(taken.scopes)),
    )


def _why(refused: Refused) -> RefusedHere:
    if refused is THROTTLED:
        said = "There were too many attempts, or there are too many tokens: wait fifteen minutes."
        return RefusedHere(429, "too-many-attempts", said, headers={"Retry-After": "900"}, error="invalid_client")
    if refused is NOT_THEIRS:
        return _refused(400, "invalid_scope", "Your system was not given one of these scopes.")
    return _unknown()


def _unknown() -> RefusedHere:
    said = "This client id and secret are not those of a system that is answered here."
    headers = {"WWW-Authenticate": 'Basic realm="victimcare"'}
    return RefusedHere(401, "invalid-client", said, headers=headers, error="invalid_client")


def _refused(status: int, error: str, said: str) -> RefusedHere:
    return RefusedHere(status, error.replace("_", "-"), said, error=error)


async def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise RefusedHere(415, "not-a-form", f"Send {FORM}.", headers={"Accept": FORM}, error="invalid_request")
    try:
        pairs = parse_qsl((await body_sent(request)).decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise _refused(400, "invalid_request", "This form cannot be read.") from None
    form = dict(pairs)
    unreadable = any(len(value) > _LONGEST or not value.isprintable() for value in form.values())
    if len(form) != len(pairs) or form.keys() - _FIELDS or unreadable:
        raise _refused(400, "invalid_request", "The form has a field twice, one too many, or one that is too long.")
    return form


def _shown(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret, from the one place where they are."""
    header = request.headers.get("authorization")
    if header is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    kind, _, encoded = header.partition(" ")
    try:
        client_id, colon, secret = b64decode(encoded, validate=True).decode("ascii").partition(":")
    except ValueError:
        raise _unknown() from None
    shown = unquote_plus(client_id), unquote_plus(secret)
    unreadable = any(len(part) > _LONGEST or not part.isprintable() for part in shown)
    if kind.lower() != "basic" or not colon or "client_secret" in form or unreadable:
        raise _unknown()
    return shown


def _scopes(listed: str | None) -> frozenset[ApiScope] | None:
    if listed is None:
        return None
    try:
        return frozenset(ApiScope(scope) for scope in listed.split())
    except ValueError:
        raise _refused(400, "invalid_scope", "One of these scopes is none that is known here.") from None
