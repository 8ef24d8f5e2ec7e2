"""The ladder's file: what it says, and that a bad one is refused with a sentence that helps."""

from datetime import time
from pathlib import Path

import pytest

from victimcare.domain.code import Length, Unit
from victimcare.domain.ladder import Step, Told
from victimcare.domain.watches import Watch
from victimcare.editions.escalation import PUBLISHED_LADDER, load_ladder, published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.editions.reading import BadEdition

OFFICER, SUPERVISOR, NEXT = Told
HOURS = "[hours]\nfrom = 08:00:00\nuntil = 18:00:00\n"
EVERYTHING = '[everything]\nsteps = [{ before = 0, to = ["officer"] }]\n'
SMALLEST = HOURS + EVERYTHING
OWN = '[[ladder]]\n{of}\nsteps = [{{ late = 1, to = ["supervisor"] }}]\n'


def write(folder: Path, text: str) -> Path:
    file = folder / "ladder.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_published_ladder_tells_the_officer_first_and_those_above_when_it_is_late() -> None:
    ladder = published_ladder()
    assert ladder.of_all == (
        Step(-2, (OFFICER,)),
        Step(0, (OFFICER,)),
        Step(1, (OFFICER, SUPERVISOR)),
        Step(3, (SUPERVISOR, NEXT)),
    )
    assert (ladder.hours.begin, ladder.hours.end, ladder.listed_after) == (time(8), time(18), 10)
    assert any(step.urgent for step in ladder.steps("R6-REL", 6))
    assert "None of it is law" in PUBLISHED_LADDER.read_text("utf-8")


def test_a_force_can_say_less(tmp_path: Path) -> None:
    ladder = load_ladder(write(tmp_path, SMALLEST))
    assert (ladder.of_all, ladder.of_right, ladder.of_rule) == ((Step(0, (OFFICER,)),), {}, {})
    assert ladder.listed_after is None


def test_steps_may_be_of_a_right_or_of_some_rules(tmp_path: Path) -> None:
    text = SMALLEST + OWN.format(of="rights = [8]") + OWN.format(of='rules = ["R6-ARR", "R8-HEAR"]')
    ladder = load_ladder(write(tmp_path, text))
    assert set(ladder.of_right) == {8}
    assert set(ladder.of_rule) == {"R6-ARR", "R8-HEAR"}


def steps(*lines: str) -> str:
    return f"{HOURS}[everything]\nsteps = [{', '.join(lines)}]\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[hours", "it is not valid TOML"),
        (EVERYTHING, "hours: it is missing"),
        (HOURS, "everything: it is missing"),
        (SMALLEST.replace("18:00:00", "08:00:00"), "hours.until: it must be later than from"),
        (SMALLEST.replace("08:00:00", '"8"'), "hours.from: it must be a time such as 08:00:00"),
        (SMALLEST + "[everythin]\n", "an edition has no such field here (did you mean 'everything'?)"),
        (steps(), "everything.steps: there must be a step, or nobody is ever told"),
        (steps('{ to = ["officer"] }'), "a step is so many working days before the day, or late: one of the two"),
        (steps('{ before = 1, late = 1, to = ["officer"] }'), "before the day, or late: one of the two"),
        (steps('{ late = 0, to = ["officer"] }'), "steps[1].late: it must be a whole number, 1 or more"),
        (steps('{ before = 2.5, to = ["officer"] }'), "steps[1].before: it must be a whole number, 0 or more"),
        (steps('{ late = 999, to = ["officer"] }'), "steps[1].late: it must be 250 working days at most"),
        (steps("{ late = 1, to = [] }"), "steps[1].to: a step must tell somebody"),
        (steps('{ late = 1, to = ["oficer"] }'), "there is no person to tell 'oficer' (did you mean 'officer'?)"),
        (steps('{ late = 1, to = ["officer"], urgent = "yes" }'), "steps[1].urgent: it must be true or false"),
        (steps('{ late = 1, to = ["officer"], loud = true }'), "steps[1].loud: an edition has no such field here"),
        (
            steps('{ late = 2, to = ["officer"] }', '{ late = 1, to = ["officer"] }'),
            "everything.steps: each step must be later than the one before it",
        ),
        (steps(*['{ late = 1, to = ["officer"] }'] * 2), "each step must be later than the one before it"),
        (
            SMALLEST + '[[ladder]]\nsteps = [{ late = 1, to = ["officer"] }]\n',
            "it must say which rules, rights or watches its steps are for",
        ),
        (SMALLEST + OWN.format(of='rights = [6]\nrules = ["R6-ARR"]'), "its steps are for, and one of these only"),
        (SMALLEST + OWN.format(of='rules = ["R6-ARREST"]'), "there is no rule 'R6-ARREST' (did you mean"),
        (SMALLEST + OWN.format(of="rules = []"), "rules: it must be a list of ids of rules"),
        (SMALLEST + OWN.format(of='rights = ["6"]'), "rights: it must be a list of numbers of rights"),
        (SMALLEST + OWN.format(of="rights = [99]"), "no rule is of right 99"),
        (SMALLEST + OWN.format(of="rights = [6, 6]"), "right 6 has steps already"),
        (SMALLEST + OWN.format(of='rules = ["R6-ARR"]') * 2, "R6-ARR has steps already"),
        (SMALLEST + OWN.format(of='watches = ["silense"]'), "there is no watch 'silense' (did you mean 'silence'?)"),
        (SMALLEST + "[watches]\nsilense = { weeks = 8 }\n", "watches.silense: an edition has no such field here"),
        (
            SMALLEST + "[watches]\nsilence = { weeks = 0 }\n",
            "silence.weeks: it must be a whole number, 1 or more",
        ),
        (SMALLEST + "[watches]\nsilence = { weeks = 8, months = 2 }\n", "it must be so long, in one of working_days"),
        (SMALLEST + "[watches]\nsilence = { months = 37 }\n", "watches.silence.months: it must be three years at most"),
        (SMALLEST + "[watches]\nsilence = 8\n", "watches.silence: it must be a table"),
        (
            SMALLEST + "[other_agencies]\nask_when_working_days_late = [5, 1]\n",
            "each must be later than the one before",
        ),
        (SMALLEST + "[other_agencies]\nask_when_working_days_late = [0]\n", "from 1 to 250 working days"),
        (SMALLEST + "[monthly_list]\nworking_days_late = 0\n", "it must be a whole number, 1 or more"),
        (SMALLEST + "[monthly_list]\nworking_days_late = 999\n", "it must be 250 working days at most"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong_and_where(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadEdition) as refused:
        load_ladder(write(tmp_path, text))
    assert why in str(refused.value)
    assert str(refused.value).startswith("ladder.toml: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadEdition, match="it cannot be read"):
        load_ladder(tmp_path / "none.toml")


def test_a_force_says_how_long_each_watch_waits_and_without_saying_so_watches_as_shipped(tmp_path: Path) -> None:
    said = load_ladder(write(tmp_path, SMALLEST + "[watches]\nsilence = { weeks = 3 }\n")).watches
    policy = published_policy()
    assert said == {
        Watch.SILENCE: Length(21, Unit.CALENDAR_DAYS),
        Watch.CONFIRMATION: Length(policy.confirmed_for, Unit.CALENDAR_DAYS),
        Watch.OFFICER_UNKNOWN: Length(policy.tell_of_officer_within, Unit.WORKING_DAYS),
    }
    assert load_ladder(write(tmp_path, SMALLEST)).watches == published_ladder().watches
    assert set(published_ladder().watches) == set(Watch)
