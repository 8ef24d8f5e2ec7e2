"""A board pack holds what was published and nothing else, is derived again byte for byte, and outlives a restore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, cast, delete, literal, select, update

from tests.force import Force, a_force
from tests.packs import ARRESTS, PUBLISHED_AT, SPRING, WINTER, add_duties, files_of, pack_of, published
from tests.queries.test_feedback_figures import hear
from victimcare.commands.ask_for_pack import NotTheirPack, ask_for_pack
from victimcare.domain.board_actions import Measure, Step, Way
from victimcare.domain.board_pack import FORM, Why, canonical, name_of
from victimcare.domain.compliance import Outcome
from victimcare.domain.tally import By
from victimcare.editions.feedback import published_survey
from victimcare.exchange import board_packs as made_here
from victimcare.exchange.board_packs import NotOnTheMenu, check_pack, make_pack, pack_into
from victimcare.presentation.board_pack import pdf
from victimcare.presentation.board_pack.figures import figures_of
from victimcare.presentation.board_pack.pack import WHY
from victimcare.presentation.figures import plain_percent
from victimcare.queries.board_actions import board_actions as actions_on_the_page
from victimcare.queries.board_pack import source_again
from victimcare.queries.period_tables import NotPublished
from victimcare.store import board_actions, board_packs, feedback, process_changes
from victimcare.store.board_actions import NewAction
from victimcare.store.board_packs import PACK_FILES, PACKS, NoSuchPack
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.exports import EXPORTS
from victimcare.store.process_changes import NewChange
from victimcare.store.publications import PUBLICATIONS

LATER = PUBLISHED_AT + timedelta(days=91)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs take long: tests/presentation/test_board_pack_files.py has one."""
    monkeypatch.setattr(pdf, "pdf_bytes", lambda page: b"%PDF-1.7 " + page[:20])


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """Two quarters are published."""
    force = a_force(database_url)
    add_duties(force, WINTER)
    add_duties(force, SPRING)
    published(force, WINTER, SPRING)
    yield force
    force.database.close()


def figures(row: Any) -> Any:
    return json.loads(row.content)["figures"]


def cells(document: Any, table_id: str) -> list[dict[str, Any]]:
    (table,) = [each for each in document["tables"] if each["id"] == table_id]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def faults(force: Force, row: Any) -> tuple[str, ...]:
    return check_pack(force.database, row.sha256, law=force.law).faults


def run(force: Force, statement: Any) -> None:
    with force.database.writing() as connection:
        connection.execute(statement)


def declare(force: Force, month_on: date, reason: str = "One team tells victims of every arrest") -> int:
    with force.database.writing() as connection:
        change = NewChange("police", month_on, reason, "board", PUBLISHED_AT.date())
        return process_changes.declare(connection, change, by=force.board.id, at=PUBLISHED_AT)


WHAT = "Ring every victim on the day of an arrest"


def decide(force: Force, *, baseline: str = WINTER.id, decided_on: date = date(2026, 2, 1)) -> int:
    """The board decides that the duties of the police under right 6 are to be met more often."""
    due_on = PUBLISHED_AT.date() + timedelta(days=30)
    action = NewAction(WHAT, Measure("police", 6), Way.UP, baseline, "police", decided_on, due_on)
    with force.database.writing() as connection:
        return board_actions.add(connection, action, by=force.board.id, at=PUBLISHED_AT)


def end(force: Force, action: int, at: datetime) -> None:
    with force.database.writing() as connection:
        how: dict[str, Any] = {"due_on": at.date(), "words": "It was done", "by": force.board.id, "at": at}
        board_actions.add_step(connection, action, Step.DONE, **how)


def test_a_pack_tells_of_the_boards_actions_what_the_page_tells(force: Force) -> None:
    decide(force)
    row = pack_of(force)
    with force.database.reading() as connection:
        (shown,) = actions_on_the_page(connection, person=force.board, threshold=5)
    (moved,) = cells(figures(row), "actions-moved")
    assert (moved["action"], moved["measure"], moved["moved"]) == (WHAT, "police:6", shown.moved.name.lower())
    assert (moved["held_against"], moved["since_quarter"]) == (WINTER.id, SPRING.id)
    assert shown.before
    assert (moved["before_of"], moved["before_share"]) == (
        shown.before.denominator,
        float(plain_percent(shown.before.share)),
    )
    assert faults(force, row) == ()


def test_a_pack_of_actions_is_derived_again_though_they_ended_and_more_was_published(force: Force) -> None:
    action = decide(force)
    row = pack_of(force)
    (stands,) = cells(figures(row), "actions")
    assert stands["stands"] == "open"
    end(force, action, LATER)
    add_duties(force, WINTER, name="late")
    published(force, WINTER, at=LATER)
    assert faults(force, row) == ()
    (ended,) = cells(figures(pack_of(force, at=LATER)), "actions")
    assert ended["stands"] == "done"


def test_an_action_that_had_ended_before_the_period_is_in_no_pack_of_it(force: Force) -> None:
    end(force, decide(force), datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert "actions" not in figures(pack_of(force))


def test_of_an_action_decided_in_the_period_it_is_not_yet_known(force: Force) -> None:
    decide(force, decided_on=date(2026, 4, 2))
    (moved,) = cells(figures(pack_of(force)), "actions-moved")
    assert (moved["moved"], moved["since_quarter"], moved["since_share"]) == ("not_yet_known", "", "[z]")


def test_a_pack_says_of_no_action_what_a_quarter_after_its_period_showed(force: Force) -> None:
    """Another action is held against the later quarter, so that its publication is named."""
    decide(force, decided_on=date(2025, 12, 1), baseline=WINTER.id)
    decide(force, decided_on=date(2026, 6, 1), baseline=SPRING.id)
    (before, _) = cells(figures(pack_of(force, WINTER.id)), "actions-moved")
    assert (before["held_against"], before["since_quarter"]) == (WINTER.id, WINTER.id)


def test_words_of_an_action_that_were_changed_in_the_database_are_found(force: Force) -> None:
    decide(force)
    row = pack_of(force)
    run(force, update(board_actions.ACTIONS).values(words="Ring nobody"))
    assert faults(force, row) == ("its figures are not those of the publications that it names",)


def in_first_form(force: Force, row: Any) -> Any:
    """The pack as it was made before packs had what the second form added."""
    document = json.loads(row.content)
    with force.database.reading() as connection:
        source = source_again(connection, person=force.board, figures=document["figures"], form=1)
    text = canonical({**document, "form": 1, "figures": figures_of(source)}).decode()
    run(force, update(PACKS).where(PACKS.c.id == row.id).values(content=text, sha256=name_of(text.encode())))
    with force.database.reading() as connection:
        return board_packs.of_id(connection, row.id)


def test_a_pack_of_the_first_form_is_still_what_it_was_made_of(force: Force) -> None:
    earlier = in_first_form(force, pack_of(force))
    assert not {"silence", "beside-by-overturned"} & {table["id"] for table in figures(earlier)["tables"]}
    assert faults(force, earlier) == ()
    later = pack_of(force, at=LATER)
    assert (later.sha256 is not None, later.same_as) == (True, None), "what is new in it is no pack of the first form"


def test_a_pack_has_every_breakdown_that_is_published(force: Force) -> None:
    """The case of this force was opened in winter."""
    row = pack_of(force, WINTER.id)
    held = {table["id"] for table in figures(row)["tables"]}
    with force.database.reading() as connection:
        source = source_again(connection, person=force.board, figures=figures(row), form=FORM)
    named = {f"duties-by-{By.RIGHT.value}", "silence", "asked-of-victims", "beside-by-overturned"}
    assert named <= held
    for each in source.breakdowns:
        wanted = TABLE_OF.get(each.of) or TABLE_BY.get(each.by) or f"-by-{each.by.value}"
        if not (each.by is By.MONTH and each.within):  # the months of a right are those of the agency, told apart
            assert [table for table in held if table == wanted or table.endswith(wanted)], each


TABLE_OF = {"steps": "steps", "stages": "stages", "continuity": "continuity", "silence": "silence"}
TABLE_BY = {By.ASKED: "asked-of-victims"}


def test_a_declared_change_is_in_the_pack_and_derived_again_though_it_was_withdrawn(force: Force) -> None:
    number = declare(force, date(2026, 4, 1))
    declare(force, date(2026, 8, 1), "After the period of the pack")
    row = pack_of(force, at=LATER)
    assert figures(row)["process_changes"] == [number]
    (told,) = cells(figures(row), "process-changes")
    assert (told["agency"], told["from_month"], told["decided_by"]) == ("police", "2026-04", "board")
    assert "limits begin anew. One team tells victims of every arrest." in files_of(force, row)["html"].decode()
    with force.database.writing() as connection:
        process_changes.withdraw(connection, number, reason="There was no such team", by=force.board.id, at=LATER)
    assert faults(force, row) == ()
    assert "process_changes" not in figures(pack_of(force, at=LATER + timedelta(days=1)))


def test_a_reason_that_was_changed_in_the_database_is_found(force: Force) -> None:
    declare(force, date(2026, 4, 1))
    row = pack_of(force, at=LATER)
    run(force, update(process_changes.CHANGES).values(reason="Another reason"))
    assert faults(force, row) == ("its figures are not those of the publications that it names",)


def test_what_victims_answered_is_derived_again_though_their_cases_are_erased(force: Force) -> None:
    hear(force, 70, answered=40, seed=1)
    hear(force, 60, answered=30, area="Bedford Borough", team="bedford", seed=2)
    row = pack_of(force, at=LATER)
    told = figures(row)["feedback"]
    assert (told["quarter"], len(told["questions"])) == (SPRING.id, len(published_survey().questions))
    of_all = cells(figures(row), "feedback-answered")[-1]
    assert (of_all["line"], of_all["asked"], of_all["answered"]) == ("", 130, 70)
    with force.database.writing() as connection:
        for case_id in connection.execute(select(CASES.c.id)).scalars().all():
            feedback.make_anonymous(connection, case_id)
    assert faults(force, row) == ()
    run(force, delete(feedback.GIVEN))
    assert "its figures are not those of the publications that it names" in faults(force, row)


def test_a_pack_that_is_made_before_answers_may_be_shown_has_those_of_the_quarter_before(force: Force) -> None:
    hear(force, 70, answered=40, seed=1)
    assert "feedback" not in figures(pack_of(force)), "nobody was asked in winter"
    assert figures(pack_of(force, at=LATER))["feedback"]["quarter"] == SPRING.id


def test_it_is_called_after_its_document_and_every_file_is_kept(force: Force) -> None:
    row = pack_of(force, baseline=WINTER.id)
    assert row.sha256 == name_of(row.content.encode())
    files = files_of(force, row)
    assert list(files) == ["html", "pdf", "ods", "csv", "json"]
    assert files["json"] == row.content.encode() == canonical(json.loads(row.content))
    assert row.steps_done == row.steps == 6


def test_it_holds_what_was_published_with_what_is_hidden_in_it(force: Force) -> None:
    rows = cells(figures(pack_of(force)), "duties-by-right")
    arrests = next(row for row in rows if (row["agency"], row["line"]) == ("police", "6"))
    assert (arrests["counted"], arrests["met"], arrests["met_late"], arrests["share"]) == (95, 70, 17, 73.7)
    results = next(row for row in rows if (row["agency"], row["line"]) == ("witness_care_unit", "9"))
    assert (results["counted"], results["met"], results["met_late"], results["share"]) == (17, "[c]", "[c]", "[c]")


def test_victims_and_what_stands_behind_the_percentages_are_in_it_as_published(force: Force) -> None:
    of = figures(pack_of(force, WINTER.id))
    assert {row["line"] for row in cells(of, "met-by-recorded")} >= {"by_its_day", ""}
    (late,) = [row for row in cells(of, "late-by-tried") if (row["agency"], row["line"]) == ("police", "")]
    assert late["late_duties"] == 34
    (victims,) = cells(of, "victims-by-area")
    assert victims["victims"] == "[c]", "there is one"


def test_nothing_that_was_not_published_is_in_it(force: Force) -> None:
    before = pack_of(force)
    add_duties(force, SPRING, {ARRESTS: {Outcome.MET: 50}}, name="unpublished")
    run(force, delete(DUES).where(DUES.c.rule == "R4-REF"))
    again = pack_of(force, at=LATER)
    assert again.id == before.id, "the same serves, though what is held is quite another"


def test_without_publications_there_is_no_pack(force: Force) -> None:
    with pytest.raises(NotPublished):
        pack_of(force, "2025-q4")
    with force.database.reading() as connection:
        (row,) = connection.execute(select(PACKS)).all()
    assert (row.failed_at, row.made_at) == (PUBLISHED_AT, None)
    add_duties(force, WINTER.next(-1))
    published(force, WINTER.next(-1))
    assert pack_of(force, "2025-q4").sha256, "who asks again gets it"


def test_its_figures_are_derived_again_byte_for_byte_whatever_came_after(force: Force) -> None:
    row = pack_of(force, baseline=WINTER.id)
    add_duties(force, SPRING, {ARRESTS: {Outcome.MET: 50}}, name="late")
    assert published(force, SPRING, at=LATER) == [SPRING.id]
    assert faults(force, row) == ()
    later = pack_of(force, baseline=WINTER.id, at=LATER)
    assert later.sha256 != row.sha256
    assert faults(force, later) == ()


def test_a_number_that_was_changed_in_it_is_found(force: Force) -> None:
    row = pack_of(force)
    changed = row.content.replace('"[c]"', "3", 1)
    run(force, update(PACKS).values(content=changed, sha256=name_of(changed.encode())))
    (fault,) = check_pack(force.database, name_of(changed.encode()), law=force.law).faults
    assert fault == "its figures are not those of the publications that it names"


def test_words_that_were_changed_in_it_are_found(force: Force) -> None:
    row = pack_of(force)
    run(force, update(PACKS).values(content=row.content.replace("An Invented Force", "Another Force")))
    assert faults(force, row) == ("its document is not the one that it is called after",)


def test_a_file_that_was_changed_is_found(force: Force) -> None:
    row = pack_of(force)
    other = cast(literal(b"other"), LargeBinary)
    run(force, update(PACK_FILES).where(PACK_FILES.c.format == "ods").values(content=other))
    assert faults(force, row) == ("its ods file is not as it was made",)


def test_a_publication_that_was_changed_is_found(force: Force) -> None:
    row = pack_of(force)
    of_spring = PUBLICATIONS.c.quarter == SPRING.id
    with force.database.reading() as connection:
        held = connection.execute(select(PUBLICATIONS.c.content).where(of_spring)).scalar_one()
    changed = held.replace('"threshold":5', '"threshold":6')
    assert changed != held
    run(force, update(PUBLICATIONS).where(of_spring).values(content=changed))
    assert faults(force, row) == ("its figures are not those of the publications that it names",)


def test_who_asks_again_where_nothing_changed_is_given_the_same(force: Force) -> None:
    first, again = pack_of(force), pack_of(force, at=LATER)
    assert first.id == again.id
    with force.database.reading() as connection:
        rows = connection.execute(select(PACKS).order_by(PACKS.c.asked_at)).all()
        assert [row.same_as for row in rows] == [None, first.id]
        assert {held.pack_id for held in connection.execute(select(PACK_FILES))} == {first.id}


def test_other_words_are_another_pack(force: Force) -> None:
    first = pack_of(force)
    rules = force.law.code.latest.rules
    titled = replace(force.law.code.latest, rules=tuple(replace(rule, title=f"{rule.title} now") for rule in rules))
    other = pack_of(force, at=LATER, law=force.law.under(replace(force.law.code, editions=(titled,))))
    assert other.sha256 != first.sha256
    assert json.loads(other.content)["changes"]["table"]["rows"] == []


def test_a_later_pack_says_what_changed_and_why(force: Force) -> None:
    first = pack_of(force)
    run(force, update(DUES).where(DUES.c.outcome == "open", DUES.c.rule == "R6-ARR").values(outcome="met_late"))
    add_duties(force, SPRING, {("police", 12, "R12-ACK", "Luton"): {Outcome.MET: 25}}, name="late")
    assert published(force, SPRING, at=LATER) == [SPRING.id]
    second = pack_of(force, at=LATER)
    changes = json.loads(second.content)["changes"]
    assert changes["since"] == first.sha256
    rows = {(row["by"], row["line"]): row for row in cells({"tables": [changes["table"]]}, changes["table"]["id"])}
    assert (rows["right", "6"]["why"], rows["right", "6"]["was_open"]) == ("answered-since", 8)
    assert (rows["right", "12"]["why"], rows["right", "12"]["is_met"]) == ("recorded-late", 25)
    page = files_of(force, second)["html"].decode()
    assert "Answered since: overdue before, met late now." in page
    assert first.sha256[:12] in page
    assert faults(force, second) == ()


def test_a_pack_says_that_the_law_changed_since_the_last(force: Force) -> None:
    pack_of(force)
    add_duties(force, SPRING, {ARRESTS: {Outcome.MET: 50}}, name="late")
    published(force, SPRING, at=LATER)
    calendar = replace(force.law.calendar, number=2, earlier=force.law.calendar, since=LATER - timedelta(days=3))
    later = pack_of(force, at=LATER, law=force.law.by(calendar))
    assert json.loads(later.content)["changes"]["law"] == [{"what": "bank_holidays", "on": "2026-10-10"}]
    assert "Recalculated: on 10 October 2026 another list of bank holidays" in files_of(force, later)["html"].decode()


def test_a_pack_that_hid_less_is_compared_with_nothing(force: Force) -> None:
    pack_of(force)
    published(force, WINTER, SPRING, at=LATER, threshold=20)
    later = pack_of(force, at=LATER, threshold=20)
    assert json.loads(later.content)["changes"] is None, "it would tell what the lower threshold showed"
    assert figures(later)["threshold"] == 20


def test_a_quarter_published_with_a_lower_threshold_is_in_no_pack(force: Force) -> None:
    published(force, SPRING, at=LATER, threshold=20)
    later = pack_of(force, at=LATER, threshold=20)
    assert [one["quarter"] for one in figures(later)["publications"]] == [SPRING.id]
    with pytest.raises(NotPublished):
        pack_of(force, WINTER.id, at=LATER, threshold=20)


def test_two_who_ask_for_the_same_wait_for_one(force: Force) -> None:
    with force.database.writing() as connection:
        what: dict[str, Any] = {"period": SPRING.id, "baseline": "", "threshold": 5, "force": "An Invented Force"}
        one, other = (ask_for_pack(connection, **what, by=force.board, now=PUBLISHED_AT) for _ in range(2))
    assert one == other
    made = [make_pack(force.database, each, law=force.law, clock=lambda: PUBLISHED_AT) for each in (one, other)]
    assert made == [True, False]


def test_a_pack_whose_maker_died_is_made_by_another(force: Force) -> None:
    with force.database.writing() as connection:
        what: dict[str, Any] = {"period": SPRING.id, "baseline": "", "threshold": 5, "force": "An Invented Force"}
        asked = ask_for_pack(connection, **what, by=force.board, now=PUBLISHED_AT)
        assert board_packs.begin(connection, asked.id, steps=6, now=PUBLISHED_AT)
        soon, later = PUBLISHED_AT + timedelta(minutes=5), PUBLISHED_AT + timedelta(minutes=16)
        assert board_packs.to_make(connection, now=soon) == ()
        assert board_packs.to_make(connection, now=later) == (asked,)
    assert make_pack(force.database, asked, law=force.law, clock=lambda: later)


def test_who_may_take_no_file_out_asks_for_no_pack(force: Force) -> None:
    what: dict[str, Any] = {"period": SPRING.id, "baseline": "", "threshold": 5, "force": "An Invented Force"}
    with force.database.writing() as connection, pytest.raises(NotTheirPack):
        ask_for_pack(connection, **what, by=force.elm, now=PUBLISHED_AT)


def test_where_no_pdf_can_be_made_the_others_are_and_it_says_so(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_page: bytes) -> bytes:
        raise pdf.NoPango

    monkeypatch.setattr(pdf, "pdf_bytes", none)
    row = pack_of(force)
    assert list(files_of(force, row)) == ["html", "ods", "csv", "json"]
    assert row.note.startswith("No PDF was made: Pango is not installed here")


def into(force: Force, folder: Path, period: str, since: str = "") -> made_here.Written:
    how: dict[str, Any] = {"law": force.law, "force": "An Invented Force", "threshold": 5, "clock": lambda: LATER}
    return pack_into(force.database, folder, period_id=period, since=since, **how)


def test_its_files_are_written_into_a_folder_and_that_they_left_is_kept(force: Force, tmp_path: Path) -> None:
    written = into(force, tmp_path / "new", SPRING.id)
    assert [file.suffix for file in written.files] == [".html", ".pdf", ".ods", ".zip", ".json"]
    assert all(file.name.startswith(f"pack-2026-q2-{written.name[:12]}") for file in written.files)
    document = json.loads(written.files[-1].read_bytes())
    assert document["figures"]["baseline"] == WINTER.id, "the one before, where none is named"
    with force.database.reading() as connection:
        kept = connection.execute(select(EXPORTS)).all()
    assert [(row.what, row.taken_by) for row in kept] == [("packs", "system")] * 5
    assert json.loads(into(force, tmp_path, SPRING.id, "none").files[-1].read_bytes())["figures"]["baseline"] is None


@pytest.mark.parametrize(
    ("period", "since", "says"),
    [
        ("2026-q9", "", "2026-q9 is not one that can be chosen; there are 2026-q2, 2026-q1"),
        ("", "", "no period is not one that can be chosen; there are 2026-q2, 2026-q1"),
        ("2026-q1", "2026-q2", "2026-q2 is not one that can be chosen; there is none"),
    ],
)
def test_a_period_that_cannot_be_chosen_is_said_with_those_that_can(
    force: Force, tmp_path: Path, period: str, since: str, says: str
) -> None:
    with pytest.raises(NotOnTheMenu, match=says):
        into(force, tmp_path, period, since)


def test_no_pack_is_called_by_a_name_that_none_has(force: Force) -> None:
    with pytest.raises(NoSuchPack):
        check_pack(force.database, "0" * 64, law=force.law)


def test_every_reason_has_words() -> None:
    assert set(WHY) == set(Why)
