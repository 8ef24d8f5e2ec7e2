"""What the board decided to do, and whether it moved what should move."""

from __future__ import annotations

from collections.abc import Iterator

from victimcare.domain.board_actions import Moved
from victimcare.presentation.board_actions import MEANING
from victimcare.presentation.board_pack.decided import ACTIONS, MOVED
from victimcare.presentation.board_pack.pack import Pack, Section
from victimcare.presentation.words import counted


def decided(pack: Pack) -> Iterator[Section]:
    """The board's actions: how each stands, and whether its figure moved."""
    rows = pack.rows(MOVED)
    if not rows:
        return
    known = [row for row in rows if row["moved"] != Moved.NOT_YET_KNOWN.name.lower()]
    as_wished = sum(row["moved"] == Moved.AS_WISHED.name.lower() for row in known)
    tables = (
        pack.table(ACTIONS, sheet="Actions", title="What the board decided, and how it stands"),
        pack.table(MOVED, sheet="Whether it moved", title="Whether the figures moved that should"),
    )
    told = f"{as_wished} of {counted(len(known), 'figure')} moved as wished" if known else "none can be told of yet"
    title = f"What the board decided: {told}"
    yield Section("actions", title, (MEANING,), tables=tables)
