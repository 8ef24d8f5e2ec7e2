"""Keep the bank holidays that came with the program, so that another program's file moves no deadline by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.propose_holidays import BadHolidayList, ListSource
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_list import HolidayList, successor
from victimcare.store import audit, holiday_lists
from victimcare.store.staff import SYSTEM, ensure_system


def unkept_holidays(connection: Connection, shipped: WorkingCalendar) -> HolidayList | None:
    """What `keep_shipped_holidays` has to keep; looked at first, so that a start without news writes nothing."""
    if not holiday_lists.newest(connection):
        return HolidayList.of(shipped)
    in_force = HolidayList.of(holiday_lists.calendar_in_force(connection, shipped))
    try:
        whole = successor(HolidayList.of(shipped), in_force)
    except BadHolidayList:
        return None
    if holiday_lists.proposed(connection) or any(map(whole.says_the_same_as, holiday_lists.every_list(connection))):
        return None
    return whole


def keep_shipped_holidays(connection: Connection, *, shipped: WorkingCalendar, now: datetime) -> int | None:
    """Keep the list that came with this program: in force where it is the first, else for the Code lead to decide on.

    Returns the number of the list that was proposed. None is, where one of this database says the same, also one that
    was refused; where the list in force is known for longer; and as long as somebody still has another to decide on.
    """
    if not holiday_lists.newest(connection):
        holiday_lists.add_first(connection, shipped, now)
        return None
    whole = unkept_holidays(connection, shipped)
    if whole is None:
        return None
    ensure_system(connection)
    source = ListSource.PROGRAM.value
    number = holiday_lists.add_list(connection, whole, source=source, by=SYSTEM.id, at=now, shipped=shipped)
    audit.write(connection, at=now, operation="collection", what=f"propose bank holidays {number}", person=SYSTEM)
    return number
