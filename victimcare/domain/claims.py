"""Who somebody is by what an identity provider says of them, as the force's mapping reads it. Nothing is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from victimcare.domain.people import Role


@dataclass(frozen=True, slots=True)
class ClaimsMapping:
    """Which claims say what, and which of their values are which role, team and service (by its id), and area."""

    roles: Mapping[str, Role]
    teams: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    role_claim: str = "groups"
    team_claim: str = "groups"
    service_claim: str = "groups"
    area_claim: str = "groups"
    name_claim: str = "name"
    username_claim: str = "preferred_username"
    email_claim: str = "email"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom an identity provider vouches for, as they are now."""

    issuer: str
    subject: str
    name: str
    username: str
    email: str | None
    role: Role
    team_id: str | None
    service_id: str | None = None
    areas: frozenset[str] = frozenset()
    proved_at: datetime | None = None
    """When they last showed the provider who they are; None: it does not say, or not as a number."""


def proved_at(claims: Mapping[str, Any]) -> datetime | None:
    """The instant of `auth_time` (OpenID Connect Core, section 2): for as long as the provider's own sign-in lasts it
    is that of long ago."""
    said = claims.get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        return datetime.fromtimestamp(said, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def arrival(claims: Mapping[str, Any], mapping: ClaimsMapping) -> Arrival:
    """Who the claims, which were verified, say that somebody is. Raises `ClaimsRefused` unless all of it is plain."""
    role = _one("role", {mapping.roles[each] for each in _values(claims, mapping.role_claim) if each in mapping.roles})
    teams = {mapping.teams[each] for each in _values(claims, mapping.team_claim) if each in mapping.teams}
    services = {mapping.services[each] for each in _values(claims, mapping.service_claim) if each in mapping.services}
    areas = {mapping.areas[each] for each in _values(claims, mapping.area_claim) if each in mapping.areas}
    if role.serves_areas and not areas:
        raise ClaimsRefused("it says no area for you that is known here")
    name, username = _text(claims, mapping.name_claim), _text(claims, mapping.username_claim)
    if not name or not username:
        raise ClaimsRefused("it does not say your name and user name")
    return Arrival(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        name=name,
        username=username.lower(),
        email=_text(claims, mapping.email_claim) or None,
        proved_at=proved_at(claims),
        role=role,
        team_id=_one("team", teams) if role.works_in_a_team else None,
        service_id=_one("service", services) if role.works_for_a_service else None,
        areas=frozenset(areas) if role.serves_areas else frozenset(),
    )


def _one(what: str, found: set[Any]) -> Any:
    if len(found) == 1:
        return found.pop()
    many = f"it says more than one {what} for you" if found else f"it says no {what} for you that is known here"
    raise ClaimsRefused(many)


def _values(claims: Mapping[str, Any], name: str) -> list[str]:
    said = claims.get(name)
    found = said if isinstance(said, list) else [said]
    return [each for each in found if isinstance(each, str)]


def _text(claims: Mapping[str, Any], name: str) -> str:
    said = claims.get(name)
    return said.strip()[:100] if isinstance(said, str) and said.isprintable() else ""


class ClaimsRefused(ValueError):
    """What the identity provider says does not make somebody anybody here."""
