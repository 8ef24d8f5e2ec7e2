"""One module a noun, each with a `router`, listed here. Every route declares its policy."""

from fastapi import APIRouter

from victimcare.web.routes import (
    also_answered,
    board,
    cases,
    choices,
    contact_details,
    contacts,
    corrections,
    crimes,
    endings,
    equality,
    events,
    health,
    help,
    jobs,
    journey,
    location_protection,
    needs,
    notes,
    people_to_tell,
    sign_in,
    team,
    today,
    victim,
    voiding,
)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    today.router,
    crimes.router,
    cases.router,
    journey.router,
    events.router,
    contacts.router,
    also_answered.router,
    corrections.router,
    endings.router,
    location_protection.router,  # before the details, whose addresses would swallow it
    contact_details.router,
    notes.router,
    voiding.router,
    victim.router,
    needs.router,
    choices.router,
    equality.router,
    people_to_tell.router,
    team.router,
    board.router,
    jobs.router,
    health.router,
    help.router,
    help.nowhere,  # last: it answers every other address
)
