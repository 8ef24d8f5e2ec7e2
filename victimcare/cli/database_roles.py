"""The command that says what roles of PostgreSQL are to be granted."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command("database-roles")
def database_roles(
    service: Annotated[str, typer.Option(help="The role with which the service signs in.")] = "",
    counting: Annotated[str, typer.Option(help="The role with which the force's data team signs in.")] = "",
) -> None:
    """Print what the owner of the tables grants on PostgreSQL, for psql: nobody changes the audit, or counts by it."""
    from victimcare.store.database_roles import counting_role, service_role

    if not service and not counting:
        raise typer.BadParameter("name a role: --service, --counting or both")
    statements = [*(service_role(service) if service else ()), *(counting_role(counting) if counting else ())]
    typer.echo("".join(f"{statement};\n" for statement in ("BEGIN", *statements, "COMMIT")), nl=False)
