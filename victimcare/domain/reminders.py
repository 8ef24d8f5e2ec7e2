"""Who hears of a duty: whoever it is for, or who stands in for them while they are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from victimcare.domain.ladder import Told
from victimcare.domain.people import NO_LISTS, CaseLists


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the case today, whether they are here, and who stands in for them and is here."""

    officer_id: str
    present: bool
    cover_id: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Who supervises a team: whom it names, and who of them and their deputies is here today, in order."""

    on_duty: str | None
    supervisors: tuple[str, ...] = ()
    next_named: str | None = None
    next_supervisors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told, as what. `person_id` None: nobody is left, and it goes to the team's inbox.

    `in_place`: they stand in for whoever that is. `away`: because those are away, not because of the case's lists.
    """

    person_id: str | None
    told_as: Told
    in_place: bool = False
    away: bool = False


def recipient(told: Told, *, holder: Holder, chain: Chain, lists: CaseLists = NO_LISTS) -> Recipient:
    """Who is told. Nobody who is kept from the case hears of it.

    For a case officer who is away: their cover, then the supervisors. For a supervisor: the other supervisors of the
    team, then the supervisor above it. For that one: the other supervisors of their own team.
    """
    officers = ([holder.officer_id] if holder.present else []) + ([holder.cover_id] if holder.cover_id else [])
    ranks = {Told.OFFICER: officers, Told.SUPERVISOR: chain.supervisors, Told.NEXT_SUPERVISOR: chain.next_supervisors}
    named = {Told.OFFICER: holder.officer_id, Told.SUPERVISOR: chain.on_duty, Told.NEXT_SUPERVISOR: chain.next_named}
    upwards = [one for rank in list(Told)[list(Told).index(told) :] for one in ranks[rank]]
    chosen = next((one for one in upwards if not lists.bars(one)), None)
    away = named[told] is not None and named[told] not in upwards
    return Recipient(chosen, told, in_place=chosen is None or chosen != named[told], away=away)


def recipients(
    told: Iterable[Told], *, holder: Holder, chain: Chain, lists: CaseLists = NO_LISTS
) -> tuple[Recipient, ...]:
    """Who is told, each of them once: as what is nearest to the victim.

    Where no supervisor is named above the team, the others hear it alone.
    """
    told = tuple(told)
    if chain.next_named is None and len(told) > 1:
        told = tuple(one for one in told if one is not Told.NEXT_SUPERVISOR)
    found: dict[str | None, Recipient] = {}
    for one in told:
        who = recipient(one, holder=holder, chain=chain, lists=lists)
        found.setdefault(who.person_id, who)
    return tuple(found.values())
