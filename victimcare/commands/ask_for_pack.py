"""Ask for a board pack: a job makes it from what was published by then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, board_packs
from victimcare.store.board_packs import WaitingPack


def ask_for_pack(
    connection: Connection, *, period: str, baseline: str, force: str, threshold: int, by: Person, now: datetime
) -> WaitingPack:
    """Ask for the pack of a period, held against another ("" for none), both from the menu. Raises `NotTheirPack`.

    Who asks for one that waits already is given that one. `force` is what the pack calls the force.
    """
    if not may(by, Action.MAKE_PACKS):
        raise NotTheirPack
    asked = board_packs.ask(
        connection, period=period, baseline=baseline, force=force, threshold=threshold, by=by.id, at=now
    )
    audit.write(connection, at=now, operation="alteration", what=f"ask for a pack of {period}", person=by)
    return asked


class NotTheirPack(PermissionError):
    """Somebody whose role has no packs made asked for one."""

    def __init__(self) -> None:
        super().__init__("your role has no packs made")
