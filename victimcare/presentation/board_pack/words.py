"""The words of a board pack: what its codes are called and what its figures mean, frozen when it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from victimcare.domain.code import Rule
from victimcare.domain.law import Law
from victimcare.domain.process_changes import BOARD
from victimcare.domain.tally import By
from victimcare.editions.feedback import published_survey
from victimcare.editions.quality_questions import published_questions
from victimcare.presentation.board_pack.decided import names_of_actions
from victimcare.presentation.board_pack.heard import OTHER_AREAS
from victimcare.presentation.compliance import (
    OUTCOMES,
    editions_in_words,
    untimed_rights,
    unverified_rules,
)
from victimcare.presentation.definitions import DECLARED_CHANGE, ONE_COLUMN, definitions, small_numbers
from victimcare.presentation.evidence import EVIDENCE_WORDS
from victimcare.presentation.feedback import OTHERS_IN_WORDS
from victimcare.presentation.figure_names import Names, period_title
from victimcare.queries.board_pack import PackSource
from victimcare.queries.compliance import agencies_in_order
from victimcare.queries.feedback_figures import HeardBy

RULES = ("rule", "rule_title", "right", "right_title", "edition", "cites", "evidence", "verified", "checked_on")
"""The columns of the duties of the Code."""


def words_of(source: PackSource, *, law: Law, teams: Mapping[str, str], force: str) -> dict[str, Any]:
    """The words, in the shape in which a document holds them. `teams` are the names of teams by their ids."""
    of_rights = source.compliance(source.period, By.RIGHT)
    return {
        "force": force,
        "period": period_title(source.period),
        "from_on": source.period.from_on.isoformat(),
        "last_on": source.period.last_on.isoformat(),
        "baseline": period_title(source.baseline) if source.baseline else "",
        "agencies": agencies_in_order(law),
        "names": _names(source, Names(law.code, teams)),
        "editions": editions_in_words(of_rights, law.code),
        "unverified": unverified_rules(of_rights, law.code),
        "untimed": untimed_rights(law.code),
        "definitions": [list(one) for one in _definitions(source)],
        "rules": list(_rules(source, law)),
    }


def _names(source: PackSource, names: Names) -> dict[str, dict[str, str]]:
    """By what a line is of, the name of each code that the figures have; areas and types of crime name themselves."""
    agencies = {of.agency: names.of_agency(of.agency) for of in source.months()}
    found: dict[str, dict[str, str]] = {"agency": agencies, "right": {}, "question": {}}
    if source.changes:
        found["decided_by"] = {one.decided_by: _decided_by(one.decided_by, names) for one in source.changes}
    questions = {question.code: question.words for question in published_questions()}
    for breakdown in source.breakdowns:
        of_lines = found.setdefault(breakdown.by.value, {})
        of_lines.update({one.value: names.of_line(breakdown, one.value) for one in source.table(breakdown).lines})
        if breakdown.by is By.ANSWER and breakdown.within:
            found["question"][breakdown.within] = questions.get(breakdown.within, breakdown.within)
        elif breakdown.by is By.RULE and breakdown.within:
            found["right"][breakdown.within] = names.of_right(int(breakdown.within))
    found["asked_team"] = {**found.get(By.TEAM.value, {}), "": "All victims"}
    found |= {code: dict(titles) for code, titles in names_of_actions(source, names).items()}
    return found | _names_of_feedback(source, found.get(By.AREA.value, {}))


def _decided_by(code: str, names: Names) -> str:
    return "The board" if code == BOARD else names.of_agency(code)


def _names_of_feedback(source: PackSource, areas: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Of what victims answered; none where nobody was asked."""
    if source.of_victims is None:
        return {}
    survey = published_survey()
    return {
        By.AREA.value: {**areas, OTHER_AREAS: OTHERS_IN_WORDS[HeardBy.AREA]},
        "asked_question": {each.code: each.words for each in survey.questions},
        "theme": {**{each.code: each.words for each in survey.themes}, "": "Words that were read, in all"},
    }


def _rules(source: PackSource, law: Law) -> Iterator[list[str]]:
    """The duties of the editions that governed the period: where each stands, and how surely that is known."""
    for edition in (law.code.edition(known) for known in source.editions):
        for rule in sorted((rule for rule in edition.rules if not rule.policy), key=lambda one: (one.right, one.id)):
            title = f"{rule.right}. {edition.right_title(rule.right)}"
            yield [rule.id, rule.title, str(rule.right), title, edition.title, *_evidence(rule)]


def _evidence(rule: Rule) -> tuple[str, str, str, str]:
    verified = "Verified" if rule.verified else "Not verified"
    return rule.source.cites, EVIDENCE_WORDS[rule.source.evidence], verified, rule.source.checked_on.isoformat()


def _definitions(source: PackSource) -> Iterator[tuple[str, str]]:
    """Each term and what it means, for whoever has the printed pages alone."""
    yield from definitions(source.period, source.baseline)
    for title, meaning in OUTCOMES.values():
        yield title, f"{meaning[0].upper()}{meaning[1:]}."
    yield "Every duty", ONE_COLUMN
    yield (
        "The control charts",
        "Limits are where the months would lie if nothing changed. A sign of change is a month outside them; 7 in a "
        "row on one side of the mean; 7 in a row rising or falling; 2 of 3 in the outer third next to a limit. It says "
        "that something happened, not what, nor that it was good. Without one, this month held against the last says "
        "nothing.",
    )
    if source.changes:
        yield "A declared change", DECLARED_CHANGE
    yield (
        "Not verified",
        "The limit of such a duty was not seen in the Code’s own words or in a close summary of them.",
    )
    yield "[c]", f"A number hidden to protect victims. {small_numbers(source.threshold)}"
    yield "[x]", "No figure, since it would rest on too few."
    yield "[z]", "There can be no number."
