"""Commands for how long cases are kept: what is due, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from victimcare.cli.installation import instant, open_database, read_settings

app = typer.Typer(no_args_is_help=True, help="How long cases are kept: the rules, and what is due by them.")


@app.command("rules")
def list_rules() -> None:
    """Each rule of the force, for which cases, and whether somebody has confirmed it."""
    from victimcare.editions.retention import published_retention

    for rule in published_retention().rules:
        said = "confirmed" if rule.verified else "policy of the force, to be confirmed"
        typer.echo(
            f"{rule.id:16} {rule.status:8} {rule.years:3} years from {rule.trigger.value:15} {rule.title} ({said})"
        )


@app.command("propose")
def propose_now(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be proposed, case by case.")] = False,
    at: Annotated[str | None, typer.Option(help="With --dry-run, as of when: ISO 8601 with an offset or Z.")] = None,
) -> None:
    """Propose now what is due for disposal, as the nightly job does. Nothing is disposed of by it."""
    if at and not dry_run:
        raise typer.BadParameter("only with --dry-run")
    from victimcare.commands.propose_disposal import propose, survey
    from victimcare.domain.calendar import london_date
    from victimcare.domain.retention import Finding
    from victimcare.editions.retention import published_retention

    policy, now = published_retention(), instant(at) if at else datetime.now(UTC)
    with open_database(read_settings()) as database:
        with database.reading() as connection:
            found = survey(connection, policy=policy, today=london_date(now))
        if dry_run:
            for ref, due in found.due:
                typer.echo(f"{ref}  {due.rule:16} from {due.trigger_on}, due {due.due_on}")
        else:
            with database.writing() as connection:
                propose(connection, found=found, now=now)
    said = ", ".join(f"{found.findings[finding]} {finding.value.replace('_', ' ')}" for finding in Finding)
    typer.echo(f"{len(found.due)} due of {found.cases} cases; a run may propose {found.cap}. Looked at: {said}.")
    if found.over_cap:
        typer.echo("That is beyond the cap: two different people must agree first.")
