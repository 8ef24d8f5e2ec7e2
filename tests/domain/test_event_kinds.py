"""Kinds of event: each has its facts, once, in the module of its stage."""

import pytest

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, KindFacts
from victimcare.domain.kinds import (
    after_sentence,
    case,
    complaint,
    contact,
    court,
    decision,
    duty,
    investigation,
    report,
    support,
)

STAGES = (report, support, investigation, decision, court, after_sentence, complaint, contact, duty, case)


def test_every_kind_has_facts_and_no_fact_is_said_twice() -> None:
    said = [kind for module in STAGES for kind in module.FACTS]
    assert sorted(said) == sorted(EventKind)
    assert set(EVENT_KINDS) == set(EventKind)


@pytest.mark.parametrize("module", STAGES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_kind_stands_in_the_module_of_its_stage(module: object) -> None:
    facts: dict[EventKind, KindFacts] = module.FACTS  # type: ignore[attr-defined]
    name = module.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    assert {what.stage.name.lower() for what in facts.values()} == {name}


@pytest.mark.parametrize("kind", EventKind)
def test_titles_and_sentences_are_words(kind: EventKind) -> None:
    facts = EVENT_KINDS[kind]
    assert facts.title[0].isupper()
    assert facts.sentence[0].isupper()
    assert not facts.sentence.endswith(".")
    names = [detail.name for detail in facts.details]
    assert len(names) == len(set(names))


def test_no_two_kinds_have_one_title() -> None:
    titles = [facts.title for facts in EVENT_KINDS.values()]
    assert len(titles) == len(set(titles))
