"""Opening the database that a command works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from victimcare.store.database import Database
from victimcare.store.in_use import alone, at_work
from victimcare.store.migrate import WrongSchema, check_current, no_vault, upgrade
from victimcare.store.vault import Vault


@contextmanager
def opened(
    url: str, *, migrate: bool = False, vault: Callable[[], Vault] = no_vault, by_itself: bool = False
) -> Iterator[Database]:
    """The database at `url`, closed at the end. A wholly empty one gets its tables, and any other if `migrate`.

    `by_itself`: nobody else may work on it meanwhile; raises `InUse` where anybody does.

    Raises `WrongSchema` for one whose tables are older or newer than the program, what `migrate.upgrade` raises, and
    `BeingRestored`.
    """
    with (alone if by_itself else at_work)(url), closing(Database(url)) as database:
        try:
            check_current(database)
        except WrongSchema as wrong:
            if wrong.found is not None and not migrate:
                raise
            upgrade(url, vault)
            check_current(database)
        yield database
