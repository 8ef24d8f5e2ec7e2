"""One module a noun, each with a `router`, listed here. Every route declares its policy."""

from fastapi import APIRouter

from victimcare.web.routes import help, sign_in

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    help.router,
)
