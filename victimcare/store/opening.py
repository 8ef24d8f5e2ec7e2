"""Opening the database that a command works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from sqlalchemy.exc import DBAPIError

from victimcare.store.addresses import CannotOpen, NoDatabase, is_absent
from victimcare.store.database import Database
from victimcare.store.in_use import alone, at_work
from victimcare.store.migrate import WrongSchema, check_current, no_vault, upgrade
from victimcare.store.vault import Vault


@contextmanager
def opened(
    url: str,
    *,
    migrate: bool = False,
    begin: bool = False,
    vault: Callable[[], Vault] = no_vault,
    before_migrating: Callable[[Database], None] = lambda _: None,
    by_itself: bool = False,
) -> Iterator[Database]:
    """The database at `url`, closed at the end: with `migrate` brought to the newest shape.

    With `begin` or `migrate` one that is not there is made, and a wholly empty one gets its tables. `by_itself`: nobody
    else may work on it meanwhile; raises `InUse` where anybody does. `before_migrating` is given one that holds
    something and has older tables; what it raises leaves that as it is.

    Raises `NoDatabase`, `CannotOpen`, `WrongSchema` for one whose tables are older or newer than the program, what
    `migrate.upgrade` raises, and `BeingRestored`.
    """
    may_begin = migrate or begin
    if not may_begin and is_absent(url):
        # Before anything is opened: opening it, or locking the file beside it, would make it and its folders.
        raise NoDatabase(url)
    with (alone if by_itself else at_work)(url), closing(Database(url)) as database:
        try:
            check_current(database)
        except DBAPIError as refused:
            raise CannotOpen(url, refused) from None
        except WrongSchema as wrong:
            if wrong.found is None and not may_begin:
                raise NoDatabase(url) from None
            if wrong.found is not None and not migrate:
                raise
            if wrong.found is not None:
                before_migrating(database)
            upgrade(url, vault)
            check_current(database)
        yield database
