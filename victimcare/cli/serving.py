"""Commands that serve: everything in one process, or only the pages."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from victimcare.cli.accounts import print_first_secret
from victimcare.cli.content import build
from victimcare.cli.installation import (
    anchor_file,
    backups_of,
    feeds_of,
    filled_vault,
    open_database,
    post_of,
    read_settings,
    the_ladder,
    the_law,
)

if TYPE_CHECKING:
    from victimcare.settings import Settings
    from victimcare.store.database import Database

app = typer.Typer()


@app.command()
def start() -> None:
    """Everything in one process: create the database and its demonstration if need be, then pages and jobs."""
    from victimcare.exchange.demonstration.build import Plan, state_of

    with open_database(settings := read_settings(), migrate=True) as database:
        with database.reading() as connection:
            state = state_of(connection)
        if state.empty or state.unfinished:
            typer.echo("Filling the database with a demonstration, which takes about half a minute")
            build(database, settings, state.unfinished or Plan(datetime.now(UTC)))
        _serve(database, settings, jobs_too=True)


@app.command()
def web() -> None:
    """Only the pages."""
    with open_database(settings := read_settings()) as database:
        _serve(database, settings, jobs_too=False)


def _serve(database: Database, settings: Settings, *, jobs_too: bool) -> None:
    """Pages, and jobs beside them, until Ctrl-C or a signal to end."""
    from victimcare.jobs.runner import scheduler
    from victimcare.notices.configured import configured_channel, event_channel
    from victimcare.queries.installation import is_demonstration
    from victimcare.queries.job_runs import job_notices
    from victimcare.web.app import create_app
    from victimcare.web.serving import listen, serve

    with database.reading() as connection:
        demonstration = is_demonstration(connection)
    settings = _tried_without_https(settings) if demonstration else settings
    vault = filled_vault(database, settings)
    application = create_app(settings=settings, law=the_law(), database=database, vault=vault, notices=job_notices)
    listening = listen(settings.host, settings.port)
    channel, post, anchors = configured_channel(settings), post_of(vault, settings), anchor_file(settings)
    ticking = scheduler(
        database,
        law=the_law(),
        channel=channel,
        post=post,
        anchors=anchors,
        backups=backups_of(vault, settings),
        ladder=the_ladder(settings),
        holidays_address=settings.bank_holidays_url,
        events=event_channel(settings),
        feeds=feeds_of(settings),
    )
    with ticking if jobs_too else nullcontext():
        _print_welcome(database, settings, demonstration=demonstration)
        serve(application, listening)
    typer.echo("Stopped.")


def _tried_without_https(settings: Settings) -> Settings:
    """These settings, with which browsers keep a sign-in without HTTPS too, unless somebody decided about that."""
    decided = "cookie_secure" in settings.model_fields_set
    return settings if decided else settings.model_copy(update={"cookie_secure": False})


def _print_welcome(database: Database, settings: Settings, *, demonstration: bool) -> None:
    from victimcare.exchange.demonstration.people import HOW_TO_SIGN_IN

    if demonstration:
        typer.echo(f"This is a demonstration: everything in it is invented. {HOW_TO_SIGN_IN}")
    if settings.oidc_issuer is None or settings.emergency_username:  # else nobody signs in with what it sets up
        print_first_secret(database, settings)
    typer.echo(f"victimcare is at http://{settings.host}:{settings.port} (Ctrl-C stops it)")
