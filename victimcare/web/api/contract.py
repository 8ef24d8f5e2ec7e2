"""The contract of the API, as OpenAPI 3.1: made from the routes themselves, so that it says what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from victimcare.domain.api_scopes import ApiScope
from victimcare.web.api.callers import SystemMay
from victimcare.web.api.deprecation import End
from victimcare.web.api.problems import MEDIA_TYPE, Problem

VERSION = "1.0.0"
"""The first number changes with what would break a system that asks; then the address changes too."""
_SCHEMAS = "#/components/schemas/{model}"
_ABOUT = """What other agencies owe to victims under the Victims' Code, for their systems: what it is, by when, and
recording that it was done. A case is known here by its reference: no name, no contact detail and no note is in any
answer. Take a token by OAuth 2 client credentials, show it as a bearer token, over HTTPS alone. What goes wrong is
told as application/problem+json (RFC 9457). Unknown fields are refused."""
_ALWAYS = {400: "It cannot be read.", 413: "It is too much.", 429: "Wait as long as Retry-After says."}
_WITH_TOKEN = {
    401: "There is no good token.",
    403: "The token has not this scope.",
    404: "There is nothing of this reference that concerns your agency.",
    422: "It is not as this contract has it.",
    503: "Nothing can be read or written now; Retry-After says when to try again.",
}
_WRITING = {
    409: "It is well formed, and cannot be recorded as things stand.",
    412: "The case has changed since you read it.",
    415: "It is no JSON.",
}


def body(name: str, adapter: TypeAdapter[Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """For a route's `openapi_extra`: what it takes, under this name, with examples by what they are of."""
    schema = adapter.json_schema(ref_template=_SCHEMAS, mode="validation")
    defined = schema.pop("$defs", {})
    shown = {words: {"summary": words, "value": example} for words, example in examples.items()}
    content = {"application/json": {"schema": {"$ref": _SCHEMAS.format(model=name)}, "examples": shown}}
    return {"requestBody": {"required": True, "content": content}, "x-schemas": {name: schema, **defined}}


def contract_of(routers: Iterable[APIRouter]) -> dict[str, Any]:
    """The document for what these routers answer."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    document = get_openapi(title="victimcare for agencies", version=VERSION, description=_ABOUT, routes=routes)
    document["servers"] = [{"url": "/", "description": "This installation; over HTTPS, best with mutual TLS."}]
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template=_SCHEMAS)
    schemas.update(schemas["Problem"].pop("$defs", {}))
    document["components"]["securitySchemes"] = {"token": _security()}
    for route in routes:
        for method in sorted(route.methods or ()):
            operation = document["paths"][route.path_format][method.lower()]
            schemas.update(operation.pop("x-schemas", {}))
            _complete(operation, route, writes=method == "POST")
    return document


def _complete(operation: dict[str, Any], route: APIRoute, *, writes: bool) -> None:
    """What every operation says: its scope, from its policy, and each problem that it can answer."""
    operation["operationId"] = route.name
    for parameter in operation.get("parameters", []):
        _without_null(parameter["schema"])
    for end in _ends(route):
        operation |= {"deprecated": True, "x-ends-on": end.until.isoformat(), "x-instead": end.instead}
    policy = next(_policies(route), None)
    said = dict(_ALWAYS)
    if policy is not None:
        operation["security"] = [{"token": [policy.scope.value]}]
        said |= _WITH_TOKEN | (_WRITING if writes else {409: _WRITING[409]})
    elif writes:
        said |= {401: "Client id or secret are wrong.", 415: "It is no form.", 503: _WITH_TOKEN[503]}
    responses = operation["responses"]
    responses.pop("422", None)
    for status, words in said.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS.format(model="Problem")}}}
        responses[str(status)] = {"description": words, "content": content}
    operation["responses"] = dict(sorted(responses.items()))


def _without_null(schema: dict[str, Any]) -> None:
    """A parameter that may be left out cannot be null: there is no way to send that."""
    others = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(others) == 1:
        del schema["anyOf"]
        schema.update(others[0])


def _policies(route: APIRoute) -> Iterator[SystemMay]:
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, SystemMay):
            yield dependency.call


def _ends(route: APIRoute) -> Iterator[End]:
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, End):
            yield dependency.call


def _security() -> dict[str, Any]:
    scopes = {scope.value: scope.in_words for scope in ApiScope}
    return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": scopes}}}
