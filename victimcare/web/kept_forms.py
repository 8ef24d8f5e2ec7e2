"""Nothing typed is lost where a sign-in has ended: what a form held is kept for whoever sent it."""

from __future__ import annotations

from hmac import compare_digest

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from victimcare.commands.keep_form import keep_form
from victimcare.web.visits import Visit


async def keep_typed(request: Request) -> str | None:
    """Keep the form of this request, if it is from a page of the sign-in that this browser has or had.

    Returns the page that gives it back; None where nobody knows whose it is.
    """
    visit: Visit = request.state.visit
    session = visit.session or visit.ended
    form = await request.form()
    token = form.get("csrf_token", "")
    if session is None or not isinstance(token, str) or not compare_digest(token.encode(), session.csrf_token.encode()):
        return None
    return f"/kept-forms/{await run_in_threadpool(_kept, request, visit, form)}"


def _kept(request: Request, visit: Visit, form: FormData) -> str:
    state, session = request.app.state, visit.session or visit.ended
    typed: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            typed.setdefault(name, []).append(value)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    with state.database.writing() as connection:
        assert session is not None  # noqa: S101 - whose else would it be
        return keep_form(connection, path=path, typed=typed, person=session.person, now=visit.at, vault=state.vault)
