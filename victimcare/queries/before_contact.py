"""What to know of a victim before anybody rings, visits or writes to them, beside where that is safe."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from victimcare.domain.hearing_choices import MEANS, TIMES, Chosen
from victimcare.domain.needs_asked import COMMUNICATION
from victimcare.domain.people import Action, Person
from victimcare.domain.who_counts import is_written_to_first
from victimcare.queries.people_told import ToldPerson, in_words, people_told
from victimcare.queries.scope import case_row
from victimcare.store.contact_choices import chosen
from victimcare.store.journeys import journeys_of
from victimcare.store.needs import ASSESSMENTS, LATEST_FIRST
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for


@dataclass(frozen=True, slots=True)
class BeforeContact:
    """Who must `never` be told, ever; which `others` are told too; how the victim chose to hear; how they understand.

    `interpreter`: they need one, as they were last asked. `communication` is in words.
    """

    never: tuple[ToldPerson, ...]
    others: tuple[ToldPerson, ...]
    chosen: Chosen
    interpreter: bool
    communication: tuple[str, ...]

    def told_first(self, *, under_18: bool) -> ToldPerson | None:
        """Who is told all in the place of such a victim: a child's guardian, a business's contact; None: the victim."""
        first = (one for one in self.others if is_written_to_first(one.told_as, under_18=under_18))
        return next((one for one in first if one.hears_everything), None)

    @property
    def means(self) -> tuple[str, ...]:
        """By what means they want to hear, in words; none where they did not say."""
        return tuple(words for code, words in MEANS.items() if code in self.chosen.means)

    @property
    def times(self) -> tuple[str, ...]:
        """At which times, in words; none where they did not say."""
        return tuple(words for code, words in TIMES.items() if code in self.chosen.times)

    @property
    def anything(self) -> bool:
        """Whether there is anything to say."""
        asked = self.interpreter or self.communication
        return bool(self.never or self.others or asked or self.chosen != Chosen())


def before_contact(connection: Connection, *, person: Person, ref: str, vault: Vault) -> BeforeContact:
    """What to know before the victim of this case is contacted. Raises `NoSuchCase`, `DoesNotOpen`."""
    case = case_row(connection, person, ref, Action.OPEN_CONTACT_DETAILS)
    people = people_told(words_for(connection, case.id, person, vault))
    columns = (ASSESSMENTS.c.interpreter, ASSESSMENTS.c.communication)
    asked = connection.execute(select(*columns).where(ASSESSMENTS.c.case_id == case.id).order_by(*LATEST_FIRST)).first()
    return BeforeContact(
        never=tuple(each for each in people if each.is_suspect),
        others=tuple(each for each in people if not each.is_suspect and each.until_on is None),
        chosen=chosen(connection, case.id, journeys_of(connection, {case.id: case.ref})[case.id]),
        interpreter=asked is not None and asked.interpreter == "yes",
        communication=in_words(asked.communication, COMMUNICATION) if asked else (),
    )
