"""Lists of the API, a page at a time: the cursor says where the next one begins, whatever was added meanwhile."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from victimcare.web.api.problems import FieldProblem, Refused

MOST = 100


class Paging(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    cursor: str | None = Field(
        None,
        pattern=r"^[0-9A-Za-z_-]{2,400}$",
        description="`next` of the page before, as it came.",
    )

    def after(self, parts: int) -> tuple[str, ...] | None:
        """Where the page before ended, in so many parts. Raises `Refused` for a cursor that is none of ours."""
        if self.cursor is None:
            return None
        try:
            found = json.loads(urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4)))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or len(found) != parts or not all(_is_part(each) for each in found):
            raise no_such_place()
        return tuple(found)


ThePage = Annotated[Paging, Query()]


def cursor_after(*parts: str) -> str:
    """The cursor of the page after this place."""
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def no_such_place() -> Refused:
    """The cursor is none that a page of ours gave."""
    wrong = [FieldProblem(field="query.cursor", message="Send `next` of the page before, as it came.")]
    return Refused(409, "no-such-cursor", "This cursor is none of ours.", errors=wrong)


def _is_part(each: object) -> bool:
    return isinstance(each, str) and each.isascii() and each.isprintable()
