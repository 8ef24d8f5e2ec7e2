"""What there is to say of a pack itself: what changed since the last, what it does not tell, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from victimcare.domain.board_pack import PackTable, tables_of
from victimcare.domain.law import LawChange
from victimcare.domain.tally import By
from victimcare.presentation.board_pack.columns import column
from victimcare.presentation.board_pack.heard import ANSWERED
from victimcare.presentation.board_pack.pack import Pack, Section, Table
from victimcare.presentation.board_pack.words import RULES
from victimcare.presentation.figures import HIDDEN
from victimcare.presentation.words import counted, day

LAW_CHANGES = {
    LawChange.HOLIDAYS: "another list of bank holidays came into force",
    LawChange.EDITION: "an edition of the Code was brought in or put back",
}


def changes(pack: Pack) -> Iterator[Section]:
    """What is otherwise than in the last pack of the period, and why."""
    changes = pack.changes
    if changes is None:
        return
    table = PackTable.read(changes["table"])
    says = [f"Held against the pack {changes['since'][:12]}."]
    says += [
        f"Recalculated: on {day(date.fromisoformat(one['on']))} {LAW_CHANGES[LawChange(one['what'])]}, and deadlines "
        "that it touches were derived again. Any line below may have changed for that."
        for one in changes["law"]
    ]
    if changes["editions"]:
        says.append("Other editions of the Code govern these duties than did in the last pack.")
    if changes["threshold"]:
        says.append("Counts below another threshold are hidden than in the last pack.")
    if not table.rows:
        yield Section("changes", "No line of duties has changed since the last pack", tuple(says))
        return
    says.append(
        "Why is read from which numbers became more and which fewer; what cancelled out within a line is not seen. A "
        "table is published again only where it changed by enough to tell of nobody."
    )
    shown = [pack.as_table(table, sheet="Changed since the last pack", title="What changed since the last pack")]
    recorded = PackTable.read(changes["recorded"])
    if recorded.rows:
        of = "When it was recorded that duties were met, as it was and as it is"
        shown.append(pack.as_table(recorded, sheet="Recorded since", title=of, by=By.RECORDED, grouped=1))
    title = f"{counted(len(table.rows), 'line has', 'lines have')} changed since the last pack"
    yield Section("changes", title, tuple(says), tables=tuple(shown))


def missing(pack: Pack) -> Iterator[Section]:
    """What the pack does not tell."""
    cells = [cell for table in tables_of(pack.document) for row in table.rows for cell in row]
    hidden = sum(cell == HIDDEN for cell in cells)
    points = [
        _of_those_not_heard(pack),
        f"{counted(hidden, 'number is', 'numbers are')} hidden to protect victims.",
        *(f"{right}: the Code sets no time limit under it that could be counted." for right in pack.words["untimed"]),
        *(f"{rule}: its limit is not verified." for rule in pack.words["unverified"]),
    ]
    yield Section("missing", "What these figures do not tell", points=tuple(points))


def _of_those_not_heard(pack: Pack) -> str:
    if pack.rows(ANSWERED):
        return "What those victims understood and thought who did not answer, or whom nobody asked."
    return "What victims understood of what they were told, and what they thought of it."


def meaning(pack: Pack) -> Iterator[Section]:
    """What each figure means, and which duties are counted."""
    terms = tuple((term, meaning) for term, meaning in pack.words["definitions"])
    yield Section("definitions", "What the figures mean", (), terms=terms)
    editions = (f"{edition}." for edition in pack.words["editions"])
    rules = Table(
        "duties-of-the-code",
        "Duties of the Code",
        "The duties that are counted, where each stands, and how surely that is known",
        tuple(column(each) for each in RULES),
        tuple(tuple(row) for row in pack.words["rules"]),
    )
    follows = "A duty follows the edition of the day on which its clock started."
    yield Section("code", "The editions of the Code, and the duties counted", (*editions, follows), tables=(rules,))


def frozen(pack: Pack) -> Iterator[Section]:
    """From what it was made, so that it can be made again."""
    made_of = tuple(
        f"{one['quarter']}, publication {one['number']} of {day(date.fromisoformat(one['published_at'][:10]))}: "
        f"SHA-256 {one['sha256']}"
        for one in pack.figures["publications"]
    )
    says = (
        f"This pack is called {pack.name}: the SHA-256 of its document, from which all its files are made.",
        f"Counts below {pack.figures['threshold']} are hidden in it. Its figures are those of these publications, and "
        "can be derived from them again.",
        *(
            ("What victims answered is counted again from their answers, which do not change.",)
            if pack.rows(ANSWERED)
            else ()
        ),
    )
    yield Section("frozen", "What this pack was made of", (*says, *_told_of_actions(pack)), points=made_of)


def _told_of_actions(pack: Pack) -> tuple[str, ...]:
    acted = pack.figures.get("actions")
    if not acted:
        return ()
    named = ", ".join(f"{one['quarter']} (publication {one['number']})" for one in acted["publications"])
    return (f"Whether actions moved their figures is told from the quarters {named}.",)
