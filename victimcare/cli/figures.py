"""Commands for the board's figures: reckoning a quarter once more, beside what was published."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import AsJson, law_of_database, open_database, read_settings

if TYPE_CHECKING:
    from victimcare.domain.law import Law
    from victimcare.domain.own_times import OwnTimes
    from victimcare.domain.quarter import Quarter
    from victimcare.domain.replay_choices import Told

app = typer.Typer()


@app.command()
def replay(
    quarter: Annotated[str, typer.Argument(help="A quarter of which figures were published, such as 2026-q3.")],
    known_on: Annotated[str | None, typer.Option(help="As it was known at the end of this day: 2026-08-31.")] = None,
    edition: Annotated[Path | None, typer.Option(help="By this edition of the Code, as if always in force.")] = None,
    policy: Annotated[Path | None, typer.Option(help="By the own times of this force's policy ([own_times]).")] = None,
    tell: Annotated[str, typer.Option(help="What of it: right, area, support-team, gaps ...")] = "right",
    as_json: AsJson = False,
) -> None:
    """A quarter as known on a past day, or its duties by another law, beside what was published; changes nothing."""
    from victimcare.commands.show_replay import show_replay
    from victimcare.domain.calendar import london_date
    from victimcare.domain.own_times import in_one_line
    from victimcare.exchange.progress import progress_bar
    from victimcare.presentation.figure_names import Names
    from victimcare.presentation.replay import as_json as in_json
    from victimcare.presentation.replay import as_text, compared, workload
    from victimcare.store.replaying import replay as reckon
    from victimcare.store.staff import team_names

    asked, told, now = _quarter(quarter), _told(tell, by_another_law=bool(edition or policy)), datetime.now(UTC)
    day = _day(known_on, today=london_date(now)) if known_on else None
    with open_database(read_settings()) as database, progress_bar("Reckoning") as progress:
        law = law_of_database(database)
        times = _own_times(policy) if policy else {}
        other = _by_own_times(_by_edition(law, edition) if edition else law, times)
        found = reckon(database, asked, law=other, of=(told.of,), known_on=day, progress=progress)
        with database.writing() as connection:
            named = " ".join(filter(None, [other.code.latest.id if edition else "", in_one_line(times)])) or None
            shown = show_replay(connection, found.tally, quarter=asked, known_on=day, edition=named, told=told, now=now)
            teams = team_names(connection)
    names, other_names = Names(law.code, teams), Names(other.code, teams)
    lines = list(compared(shown.published, shown.replayed, names, other_names, told=told))
    asks = workload(shown.published, shown.replayed, officers=len(found.officers), told=told)
    words = filter(None, [*as_text(lines, told=told), asks])
    typer.echo(json.dumps(in_json(lines), indent=2) if as_json else "\n".join(words))


def _quarter(text: str) -> Quarter:
    from victimcare.domain.quarter import Quarter

    if not re.fullmatch(r"20[0-9]{2}-q[1-4]", text):
        raise typer.BadParameter(f"{text} is no quarter such as 2026-q3.", param_hint="QUARTER")
    return Quarter.named(text)


def _told(text: str, *, by_another_law: bool) -> Told:
    from victimcare.domain.replay_choices import Told

    if text not in list(Told):
        raise typer.BadParameter(f"{text} is none of {', '.join(Told)}.", param_hint="--tell")
    told = Told(text)
    if by_another_law and not told.follows_the_law:
        raise typer.BadParameter(f"{text} is the same by every law: no --edition or --policy.", param_hint="--tell")
    return told


def _day(text: str, *, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no day such as 2026-08-31.", param_hint="--known-on") from None
    if day > today:
        raise typer.BadParameter(f"{text} is still to come: nothing is known on it yet.", param_hint="--known-on")
    return day


def _by_edition(law: Law, path: Path) -> Law:
    from victimcare.domain.next_edition import always
    from victimcare.editions.loader import read_edition

    return always(law, read_edition(path.read_text("utf-8")))


def _own_times(path: Path) -> OwnTimes:
    from victimcare.editions.force_policy import load_policy

    times = load_policy(path).own_times
    if not times:
        raise typer.BadParameter(f"{path} has no [own_times].", param_hint="--policy")
    return times


def _by_own_times(law: Law, times: OwnTimes) -> Law:
    from victimcare.domain.own_times import BadOwnTime, by_own_times

    try:
        return by_own_times(law, times)
    except BadOwnTime as bad:
        raise typer.BadParameter(f"{bad}.", param_hint="--policy") from None
