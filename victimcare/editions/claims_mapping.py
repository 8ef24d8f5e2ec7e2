"""The file that says which claims of the identity provider make somebody which role, of what team, service or areas."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from victimcare.domain.claims import ClaimsMapping
from victimcare.domain.people import ROLES, Role


class _Claims(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: str = "groups"
    team: str = "groups"
    service: str = "groups"
    area: str = "groups"
    name: str = "name"
    username: str = "preferred_username"
    email: str = "email"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    claims: _Claims = Field(default_factory=_Claims)
    roles: dict[str, Role] = Field(min_length=1)
    teams: dict[str, str] = Field(default_factory=dict)
    services: dict[str, str] = Field(default_factory=dict)
    areas: dict[str, str] = Field(default_factory=dict)


def load_claims_mapping(path: Path) -> ClaimsMapping:
    """The mapping of this file. Raises `BadMapping`."""
    try:
        read = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadMapping(path, str(broken)) from None
    except ValidationError as refused:
        first = refused.errors(include_input=False, include_url=False)[0]
        raise BadMapping(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if set(read.roles.values()) - set(ROLES):
        raise BadMapping(path, "roles: nobody is the program itself")
    claims = read.claims
    return ClaimsMapping(
        read.roles,
        read.teams,
        read.services,
        read.areas,
        role_claim=claims.role,
        team_claim=claims.team,
        service_claim=claims.service,
        area_claim=claims.area,
        name_claim=claims.name,
        username_claim=claims.username,
        email_claim=claims.email,
    )


class BadMapping(ValueError):
    """The file cannot be trusted to say who somebody is."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")
