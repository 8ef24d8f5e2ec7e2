"""Commands that work a deadline out, without a database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import AsJson, read_settings, say, the_law
from victimcare.presentation.words import counted

if TYPE_CHECKING:
    from victimcare.exchange.deadline_batch import DeadlineCalculator

app = typer.Typer()


@app.command()
def deadline(
    rule: Annotated[str, typer.Argument(help="A rule's id, such as R6-ARR.")],
    started_at: Annotated[str, typer.Option("--from", help="When the clock starts: ISO 8601 with an offset or Z.")],
    tier: Annotated[str, typer.Option(help="The victim's tier: standard or enhanced.")] = "standard",
    as_json: AsJson = False,
) -> None:
    """By when a duty must be done, and why by then."""
    found = _calculator().deadline(rule=rule, tier=tier, started_at=started_at)
    typer.echo(json.dumps(found.as_json(), indent=2) if as_json else f"{found.due_in_words}\n{found.explanation}")


@app.command("deadline-batch")
def deadline_batch() -> None:
    """The deadlines of a CSV file (id,rule,tier,started_at) on standard input, as CSV on standard output."""
    from victimcare.exchange.deadline_batch import answer_file

    errors = answer_file(sys.stdin, sys.stdout, _calculator())  # type: ignore[arg-type]
    if errors:
        say(f"{counted(errors, 'row')} could not be answered: the last column says why")
        raise typer.Exit(1)


def _calculator() -> DeadlineCalculator:
    from victimcare.exchange.deadline_batch import DeadlineCalculator

    return DeadlineCalculator(the_law(), agency_names={"police": read_settings().force_name})
