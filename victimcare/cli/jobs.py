"""Commands for what runs by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from victimcare.cli.installation import (
    At,
    anchor_file,
    backups_of,
    feeds_of,
    instant,
    open_database,
    post_of,
    read_settings,
    the_ladder,
    the_law,
    vault_of_database,
)

app = typer.Typer(no_args_is_help=True, help="What runs by itself: list it, run one, or serve them all.")


@app.command("list")
def list_jobs() -> None:
    """Each job, when it last succeeded (UTC), and what it does."""
    from victimcare.jobs.schedule import JOBS
    from victimcare.store.job_runs import last_done

    with open_database(read_settings()) as database, database.reading() as connection:
        for job in JOBS:
            at = last_done(connection, job.name, until=datetime.now(UTC))
            typer.echo(f"{job.name:24} {f'{at:%Y-%m-%d %H:%M}' if at else 'never':18} {job.does}")


@app.command("run")
def run_one_job(
    name: Annotated[str, typer.Argument(help="A job of `victimcare jobs list`.")],
    at: At = None,
    full: Annotated[bool, typer.Option("--full", help="Look at everything, not only at what is new.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
) -> None:
    """Run one job now, or as of an instant."""
    from victimcare.jobs.runner import run_job
    from victimcare.notices.configured import configured_channel, event_channel

    settings = read_settings()
    with open_database(settings) as database:
        finished = run_job(
            database,
            name,
            law=the_law(),
            channel=configured_channel(settings),
            at=instant(at) if at else None,
            full=full,
            dry_run=dry_run,
            post=post_of(vault := vault_of_database(database, settings), settings),
            anchors=anchor_file(settings),
            backups=backups_of(vault, settings),
            ladder=the_ladder(settings),
            holidays_address=settings.bank_holidays_url,
            events=event_channel(settings),
            feeds=feeds_of(settings),
        )
    typer.echo(finished.summary)
    if not finished.succeeded:
        raise typer.Exit(1)


@app.command("ladder")
def show_ladder() -> None:
    """Read the escalation ladder of this installation and say what it means, or what is wrong with its file."""
    ladder = the_ladder(read_settings())
    own = {**{f"right {right}": steps for right, steps in ladder.of_right.items()}, **ladder.of_rule}
    for of, steps in {"everything": ladder.of_all, **own}.items():
        typer.echo(f"{of}:")
        for step in steps:
            told = ", ".join(one.in_words for one in step.to)
            typer.echo(f"  {step.in_words}: {told}{' (at once)' if step.urgent else ''}")
    for watch, length in ladder.watches.items():
        typer.echo(f"watched, {watch}: {length.in_words}")
    listed = f"{ladder.listed_after} working days late" if ladder.listed_after else "never"
    typer.echo(f"counted in the board's monthly list: {listed}")
    typer.echo(f"notices leave from {ladder.hours.begin:%H:%M} to {ladder.hours.end:%H:%M} on working days")


@app.command("serve")
def serve_jobs() -> None:
    """Run jobs until stopped, in a process of their own."""
    import signal
    from threading import Event

    from victimcare.jobs.runner import serve
    from victimcare.notices.configured import configured_channel, event_channel

    settings, stop = read_settings(), Event()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signalled, lambda *_: stop.set())
    with open_database(settings) as database:
        typer.echo("Jobs run until you press Ctrl-C.")
        vault, channel = vault_of_database(database, settings), configured_channel(settings)
        post, anchors, backups = post_of(vault, settings), anchor_file(settings), backups_of(vault, settings)
        serve(
            database,
            law=the_law(),
            channel=channel,
            stop=stop,
            post=post,
            anchors=anchors,
            backups=backups,
            ladder=the_ladder(settings),
            holidays_address=settings.bank_holidays_url,
            events=event_channel(settings),
            feeds=feeds_of(settings),
        )
