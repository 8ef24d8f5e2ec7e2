"""The cases in which an edition of the Code that is brought in, or put back, may change something."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select

from victimcare.store.cases import CASES
from victimcare.store.dues import DUES


def touched(edition: str, *, commences: date) -> Select[int]:
    """The ids of the open cases, and of those in which a duty is open, ends after commencement or is of this edition.

    Nothing can be left out by a rule of thumb: the new edition may begin what the older one did not know.
    """
    later = or_(DUES.c.ended_on.is_(None), DUES.c.ended_on >= commences, DUES.c.edition == edition)
    owing = select(DUES.c.case_id).where(later)
    return select(CASES.c.id).where(or_(CASES.c.status == "open", CASES.c.id.in_(owing))).order_by(CASES.c.id)
