"""Every command in its place, and how the program ends: exit 1 with a sentence, 2 on wrong usage, 130 on Ctrl-C."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import typer

from victimcare.cli import (
    accounts,
    audit,
    backups,
    calendar,
    code,
    content,
    database_roles,
    deadlines,
    everything,
    figures,
    jobs,
    keys,
    reports,
    retention,
    serving,
)
from victimcare.cli.installation import say

_HELP = "The service that follows every victim of crime through the justice system."
_INTERRUPTED = 130

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=_HELP)
_PLAIN = (serving, content, backups, database_roles, deadlines, figures, reports)
for commands in (each.app for each in _PLAIN):
    app.registered_commands += commands.registered_commands
app.add_typer(content.imports, name="import")
app.add_typer(everything.exports, name="export")
app.add_typer(jobs.app, name="jobs")
app.add_typer(calendar.app, name="calendar")
app.add_typer(code.app, name="code")
app.add_typer(accounts.app, name="accounts")
app.add_typer(audit.app, name="audit")
app.add_typer(retention.app, name="retention")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run the command line."""
    try:
        code = app(prog_name="victimcare", standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except typer.TyperException as wrong:
        wrong.show()  # type: ignore[attr-defined]
        code = wrong.exit_code
    except Exception as error:
        say(_sentence(error))
        code = 1
    if code == _INTERRUPTED:
        say("stopped")
    sys.exit(code)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if show_version:
        typer.echo(f"victimcare {version('victimcare')}")
        raise typer.Exit


def _sentence(error: Exception) -> str:
    """What to tell of an error: our own words, or where it came from."""
    if isinstance(error, OSError) or type(error).__module__.startswith("victimcare."):
        return str(error)
    if fault := _fault(error):
        return f"the database cannot go on: {fault}. What was kept before stays, and nothing is half stored"
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"


def _fault(error: Exception) -> str | None:
    """What is wrong with the database, if that is the reason."""
    from sqlalchemy.exc import DBAPIError

    from victimcare.store.faults import IN_WORDS, Fault, fault_of

    found = fault_of(error) if isinstance(error, DBAPIError) else None
    # What nobody knows is taken for busy, and its place says more.
    return IN_WORDS[found] if found and found is not Fault.BUSY else None
