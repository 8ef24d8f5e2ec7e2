"""What single events of journeys come to, against the chains of the whole journeys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.queries.worlds import random_journeys, store
from victimcare.domain.event_kinds import EventKind
from victimcare.store.cases import CASES
from victimcare.store.journeys import EVENTS, days_of


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_days_of_a_kind_are_those_of_the_whole_journeys(force: Force, seed: int) -> None:
    world = random_journeys(seed, 60)
    store(force.database, world)
    with force.database.reading() as connection:
        refs = {row.id: row.ref for row in connection.execute(select(CASES.c.id, CASES.c.ref))}
        found = {kind: list(days_of(connection, EVENTS.c.kind == kind)) for kind in EventKind}
    chains = [(journey.case_ref, chain) for journey in world for chain in journey.chains().values() if chain.happened]
    for kind, days in found.items():
        expected = Counter(
            (ref, chain.current.happened.on, chain.current.happened.precision)
            for ref, chain in chains
            if chain.root.kind is kind
        )
        assert Counter((refs[case_id], day.on, day.precision) for case_id, day in days) == expected
    assert sum(len(days) for days in found.values()) == len(chains) > 100
