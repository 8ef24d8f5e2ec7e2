"""What in a contract would break a system that was written for an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def breaking(published: Document, served: Document) -> list[str]:
    """Each change, in words, that a system of before would not live with. What is only added is none."""
    return [*_operations(published, served)]


def _operations(old: Document, new: Document) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            where = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{where} is not answered any more"
                continue
            if before.get("security") != after.get("security"):
                yield f"{where} needs another scope"
            yield from _parameters(where, before, after)
            yield from _bodies(where, before, after, old, new)
            yield from _answers(where, before, after, old, new)


def _parameters(where: str, before: Document, after: Document) -> Iterator[str]:
    named = {(one["in"], one["name"]): one for one in before.get("parameters", [])}
    now = {(one["in"], one["name"]): one for one in after.get("parameters", [])}
    for key in named.keys() - now.keys():
        yield f"{where} takes {key[1]} no more"
    for key, one in now.items():
        if one.get("required") and not named.get(key, {}).get("required"):
            yield f"{where} cannot be asked without {key[1]} any more"
        elif key in named:
            for word in ("type", "pattern", "enum", "maximum", "minimum", "maxLength", "minLength"):
                if named[key]["schema"].get(word) != one["schema"].get(word):
                    yield f"{where} takes another {key[1]}: {word}"


def _bodies(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    for kind, content in before.get("requestBody", {}).get("content", {}).items():
        then = after.get("requestBody", {}).get("content", {}).get(kind)
        if then is None:
            yield f"{where} takes {kind} no more"
        else:
            yield from _taken(where, content["schema"], then["schema"], old, new)


def _answers(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    for status, said in before["responses"].items():
        then = after["responses"].get(status)
        if then is None:
            yield f"{where} answers {status} no more"
            continue
        for kind, content in said.get("content", {}).items():
            if kind not in then.get("content", {}):
                yield f"{where} answers {status} no more as {kind}"
            else:
                yield from _given(f"{where} {status}", content["schema"], then["content"][kind]["schema"], old, new)


def _taken(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    """What was good to send must be good to send."""
    before, after = _resolved(before, old), _resolved(after, new)
    mapping = before.get("discriminator", {}).get("mapping")
    if mapping is not None:
        now = after.get("discriminator", {}).get("mapping", {})
        for code, ref in mapping.items():
            if code not in now:
                yield f"{where}: {code} cannot be sent any more"
            else:
                yield from _taken(f"{where}: {code}", {"$ref": ref}, {"$ref": now[code]}, old, new)
        return
    for word in ("type", "pattern", "format", "const", "maximum", "minimum", "maxLength", "maxItems", "minItems"):
        if word in after and before.get(word) != after[word]:
            yield f"{where}: {word} is another"
    if "enum" in after and not set(before.get("enum", [None])) <= set(after["enum"]):
        yield f"{where}: fewer can be chosen"
    yield from (
        f"{where}: {name} is wanted now" for name in set(after.get("required", ())) - set(before.get("required", ()))
    )
    for name, schema in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}: {name} cannot be sent any more"
        else:
            yield from _taken(f"{where}.{name}", schema, after["properties"][name], old, new)
    if "items" in before:
        yield from _taken(f"{where}[]", before["items"], after.get("items", {}), old, new)
    for one, other in zip(before.get("anyOf", []), after.get("anyOf", []), strict=False):
        yield from _taken(where, one, other, old, new)
    if len(before.get("anyOf", [])) > len(after.get("anyOf", [])) and "anyOf" in after:
        yield f"{where}: fewer forms can be sent"


def _given(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    """What was always there must be there, as it was."""
    before, after = _resolved(before, old), _resolved(after, new)
    for word in ("type", "format", "const"):
        if before.get(word) != after.get(word):
            yield f"{where}: {word} is another"
    if set(after.get("enum", ())) - set(before.get("enum", after.get("enum", ()))):
        yield f"{where}: more can be said than was"
    yield from (
        f"{where}: {name} is not always there"
        for name in set(before.get("required", ())) - set(after.get("required", ()))
    )
    for name, schema in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}: {name} is gone"
        else:
            yield from _given(f"{where}.{name}", schema, after["properties"][name], old, new)
    if "items" in before:
        yield from _given(f"{where}[]", before["items"], after.get("items", {}), old, new)
    if before.get("anyOf") != after.get("anyOf"):
        yield f"{where}: it can have another form"


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
