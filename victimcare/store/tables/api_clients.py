"""The systems of other agencies: how each shows that it is itself, and what it has already asked to be written."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class ApiClient(SQLModel, table=True):
    """A system of an agency, beside its row of `person`, which has its name and the areas or the service it is for.

    `agency` is a code of the editions, or that of a service of the directory; `source` is whose records the force's own
    system may bring, empty of all others, and of one that was registered before it was asked. `secret_hash` is the
    SHA-256 of a secret that this program made, of 256 random bits; `scopes` is a comma-separated list of codes.
    """

    __tablename__ = "api_client"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    agency: str
    source: str = ""
    scopes: str
    secret_hash: str
    secret_made_at: datetime
    disabled: bool = False
    registered_by: str = Field(foreign_key="person.id")
    registered_at: datetime


class ApiToken(SQLModel, table=True):
    """A token that a system was given; `id` is its SHA-256. It ends by itself, or with all others of its system."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="api_client.person_id", index=True)
    scopes: str
    issued_at: datetime
    expires_at: datetime = Field(index=True)


class ApiWrite(SQLModel, table=True):
    """What a system asked to be written, and the answer: the same request gets the same answer.

    `id` is a hash of the system and of the key that it chose, `request_hash` of all that it asked. The answer holds
    references, and nothing about anybody.
    """

    __tablename__ = "api_write"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="api_client.person_id", index=True)
    request_hash: str
    answer: str
    at: datetime = Field(index=True)
