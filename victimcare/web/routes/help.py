"""Pages that are the same for everybody."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from victimcare.web.pages import render
from victimcare.web.policies import public

router = APIRouter(dependencies=[public()])


@router.get("/help")
def help_page(request: Request) -> Response:
    """Where to get help."""
    return render(request, "help/help.html")


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """The accessibility statement."""
    return render(request, "help/accessibility.html")


nowhere = APIRouter(dependencies=[public()])


@nowhere.get("/{path:path}")
def no_such_page(path: str) -> Response:
    """Any other address, so that the page that says so is like all others. Must be the last router."""
    raise HTTPException(404)
