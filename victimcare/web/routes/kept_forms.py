"""What somebody was typing when their sign-in had ended: back to the same form, with every character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from victimcare.commands.keep_form import Kept, kept_for, kept_form
from victimcare.queries.scope import case_row
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheVault
from victimcare.web.pages import render
from victimcare.web.policies import signed_in

router = APIRouter(prefix="/kept-forms", dependencies=[signed_in()])

KeptId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{10,40}$")]


@dataclass(frozen=True, slots=True)
class KeptView:
    """The form, to be sent back to where it came from."""

    kept: Kept


@router.get("/{kept_id}")
def give_back(
    request: Request,
    kept_id: KeptId,
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    vault: TheVault,
    consulted: Consulted,
) -> Response:
    """Give it back to whoever typed it, if its case is still theirs to see. Raises `NoSuchCase`, `CannotAudit`."""
    with database.reading() as connection:
        ref = kept_for(connection, kept_id=kept_id, person=person, now=now)
        about = [case_row(connection, person, ref).id] if ref is not None else []
        found = kept_form(connection, kept_id=kept_id, person=person, now=now, vault=vault)
    consulted("kept form", about)
    return render(request, "sign_in/kept.html", KeptView(found))
