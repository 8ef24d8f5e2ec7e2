"""The board's page: figures that name nobody, the same in table, chart and CSV, and no way from them to a case."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from tests.builders import duty, event, journey
from tests.published import publish, publish_due
from tests.queries.worlds import store
from tests.web.page import Page
from tests.web.site import TEAM, Site
from victimcare.domain.journey import Journey
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By
from victimcare.presentation import compliance, referral_rate, support_reached
from victimcare.presentation.definitions import ONE_COLUMN, definitions, small_numbers
from victimcare.presentation.support_reached import STEPS
from victimcare.queries.periods import Period
from victimcare.settings import Settings
from victimcare.store.exports import EXPORTS
from victimcare.store.tables import AuditSubject

PAGES = (
    "/board",
    "/board/compliance?by=team",
    "/board/behind",
    "/board/months",
    "/board/referrals?reading=relative",
    "/board/support?by=sex",
    "/board/gaps",
    "/board/journeys",
)
FILES = ("/board/compliance/file", "/board/months/file", "/board/referrals/file", "/board/support/file")
FEBRUARY = date(2026, 2, 2)
MENU_HAS_NOT = (
    "compliance?period=2026-q2",
    "compliance?period=2019-q1",
    "compliance?by=officer",
    "compliance?by=cause",
    "support?by=right",
    "behind?period=2019-q1",
    "gaps?period=2019-q1",
    "journeys?period=2019-q1",
    "referrals?reading=both",
    "months?agency=cps",
    "months/file?agency=cps",
)
IN_TIME, LATE, NEVER = 1, 20, None


def arrest(number: int, told_after: int | None, *, referred: bool, month_on: date = FEBRUARY) -> Journey:
    """A crime of February 2026, a suspect arrested, and the victim told in time, late or never."""
    ref, on = f"REF{number:02}-BOARD", month_on + timedelta(days=number % 20)
    events = [
        event("officer_assigned", on, key=f"{ref}-officer", officer="officer", team=TEAM),
        event("crime_reported", on, key=f"{ref}-report"),
        event("suspect_arrested", on, key=f"{ref}-arrest", subject="Suspect 1"),
    ]
    if told_after is not None:
        told_on = on + timedelta(days=told_after)
        events.append(event("contact_made", told_on, key=f"{ref}-told", answers=[duty("R6-ARR", f"{ref}-arrest")]))
    if referred:
        answers = [duty("R4-REF", f"{ref}-report")]
        events.append(event("referral_sent", on, key=f"{ref}-sent", subject="Service", answers=answers))
    return journey(*events, case_ref=ref)


@pytest.fixture
def worked(site: Site, law: Law) -> Site:
    """The site with 50 victims: 38 told in time, 9 late, 3 never; 20 of them referred."""
    return with_victims(site, law)


@pytest.fixture
def sqlite_worked(sqlite_site: Site, law: Law) -> Site:
    """The same on SQLite only, for what the database has no part in."""
    return with_victims(sqlite_site, law)


def with_victims(site: Site, law: Law) -> Site:
    told = [IN_TIME] * 38 + [LATE] * 9 + [NEVER] * 3
    journeys = [arrest(number, after, referred=number < 20) for number, after in enumerate(told)]
    store(site.database, journeys, law=law)
    publish_due(site.database, law, site.clock.now)
    return site


def page_of(site: Site, path: str = "/board/compliance") -> Page:
    answer = site.sign_in("board").get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def taken(site: Site, path: str) -> Any:
    """The answer to somebody of the board who takes the file whose page this is."""
    browser, action = site.sign_in("board"), path.partition("?")[0]
    form = Page(browser.get(path).text).form(action)
    return browser.post(action, form.filled(purpose="meeting"))


def csv_of(site: Site, path: str) -> list[dict[str, str]]:
    answer = taken(site, path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode(), newline="")))


def table(page: Page, table_id: str) -> list[dict[str, str]]:
    """The rows of a table by its headings; a group's heading goes with each of its rows as "Agency"."""
    html = re.search(rf'<table[^>]*id="{table_id}".*?</table>', page.html, re.DOTALL)
    assert html
    head = [cell.text for cell in Page(html[0].split("</thead>")[0]).all("th")]
    rows, agency = [], ""
    for row in Page(html[0]).rows():
        cells = [element.text for element in row.elements if element.tag in ("th", "td")]
        if len(cells) == 1:
            agency = cells[0]
        else:
            rows.append({"Agency": agency, **dict(zip(head, cells, strict=True))})
    return rows


def without_signs(cell: str) -> str:
    return cell.replace(",", "").removesuffix("%")


def test_the_board_sees_compliance_by_agency_and_right(worked: Site) -> None:
    rows = table(page_of(worked), "compliance-table")
    row = next(row for row in rows if row["Right"].startswith("6."))
    assert row["Agency"] == "Police"
    assert (row["Duties counted"], row["Met late"]) == ("50", "9")
    assert row["Overdue"] == "[c]", "three victims of arrests were never told"
    referral = next(row for row in rows if row["Right"].startswith("4."))
    assert (referral["Duties counted"], referral["Overdue"]) == ("50", "[c]"), (
        "30, which would tell of the 3 by subtraction"
    )
    (of_all,) = [row for row in rows if row["Right"] == "All"]
    assert (of_all["Met in time (%)"], of_all["Met"], of_all["Overdue"]) == ("23.2%", "58", "183")


def test_every_breakdown_of_the_menu_is_shown_with_the_sums_of_its_agency(worked: Site) -> None:
    for by, title in compliance.BREAKDOWNS.items():
        rows = table(page_of(worked, f"/board/compliance?by={by.value}"), "compliance-table")
        assert rows, by
        last = [row for row in rows if row["Agency"].startswith("Police")][-1]
        assert last[title].startswith("All"), by
        if by is not By.RULE:
            assert last["Duties counted"] == "250", by


def test_how_much_it_changed_since_an_earlier_period_is_said_with_how_sure_it_is(worked: Site, law: Law) -> None:
    earlier = [arrest(n, IN_TIME, referred=True, month_on=date(2025, 11, 3)) for n in range(100, 150)]
    store(worked.database, earlier, law=law)
    publish(worked.database, law, [Quarter(2025, 4)], worked.clock.now)
    address = "/board/compliance?period=2026-q1&by=area&since=2025-q4"
    rows = table(page_of(worked, address), "compliance-table")
    changes = {row["Area"]: row["Change since October to December 2025, points"] for row in rows}
    assert changes == {"Luton": "−16.8 (−24.6 to −8.7)", "All": "−16.8 (−24.6 to −8.7)"}
    form = page_of(worked, address).form("/board/compliance")
    assert form.values("since") == ["", "2025-q4"]


def test_nothing_is_compared_with_a_period_that_is_not_over_when_the_other_begins(worked: Site, law: Law) -> None:
    publish(worked.database, law, [Quarter(2025, 4)], worked.clock.now)
    page = page_of(worked, "/board/compliance?period=2025-q4&since=2026-q1")
    assert "Change since" not in page.text
    assert "Not compared: January to March 2026 was not over when the period shown began." in page.text


def test_the_summary_has_each_agency_and_whether_its_months_changed(worked: Site) -> None:
    page = page_of(worked, "/board")
    (row,) = table(page, "summary-table")
    assert (row["Agency"], row["Duties counted"]) == ("Police", "250")
    assert row["Month by month"] == "Too few months to judge: Police"
    assert "[c]" not in page.text


@pytest.mark.parametrize(("victims", "shown"), [(1, ("[c]", "[c]")), (3, ("15", "[c]"))])
def test_the_summary_says_what_a_hidden_number_is_where_it_has_one(
    site: Site, law: Law, victims: int, shown: tuple[str, str]
) -> None:
    store(site.database, [arrest(number, IN_TIME, referred=False) for number in range(victims)], law=law)
    publish_due(site.database, law, site.clock.now)
    page = page_of(site, "/board")
    (row,) = table(page, "summary-table")
    assert (row["Duties counted"], row["Met in time (%)"]) == shown
    assert "[c] is a number hidden to protect victims." in page.text


def test_months_that_are_too_few_are_not_judged(worked: Site) -> None:
    page = page_of(worked, "/board/months")
    assert "Police: 1 month, too few to judge" in page.text
    assert "no limits are drawn" in page.text
    assert page_of(worked, "/board/months?agency=police").text == page.text


@pytest.mark.parametrize("by", ["right", "rule", "month"])
def test_the_csv_says_what_both_tables_say(worked: Site, by: str) -> None:
    page = page_of(worked, f"/board/compliance?period=2026-q1&by={by}")
    rows = csv_of(worked, f"/board/compliance/file?period=2026-q1&by={by}")
    shown, line = table(page, "compliance-table"), compliance.BREAKDOWNS[By(by)]
    assert len(rows) == len(shown) > 2
    for row, shown_row in zip(rows, shown, strict=True):
        assert row["Name of line"] == shown_row[line].removesuffix(" (too few to be broken down)")
        assert shown_row["Agency"].startswith(row["Agency"])
        low_and_high = [row["95% interval from (%)"], row["95% interval to (%)"]]
        assert low_and_high == (shown_row["95% interval"].replace("%", "").split(" to ") * 2)[:2]
        for name in ("Met in time (%)", "Duties counted", "Met", "Met late", "Overdue", "Late, then ended"):
            assert row[name] == without_signs(shown_row[name])
        days = [row["Median working days"], row["Nine in ten within working days"]]
        assert ", ".join(found for found in dict.fromkeys(days) if found != "[x]") == shown_row[
            "Days: half, 9 in 10"
        ].replace("[x]", "")
    assert [cell.text for cell in page.all("td") if not cell.attributes.get("data-label")] == [], "on a telephone"
    apart = {(row["Agency"], row[line]): row for row in table(page, "not-counted-table")}
    for row in rows:
        titles = {row["Agency"], f"{row['Agency']}: {row['Of right']}"}
        shown_row = next(
            (
                apart.pop(key)
                for key in list(apart)
                if key[1] == row["Name of line"] and key[0].split(". ")[0] in titles
            ),
            {},
        )
        assert shown_row or row["Not counted"] == "0"
        for name in shown_row.keys() - {"Agency", line}:
            assert row[name] == without_signs(shown_row[name])
    assert not apart


def test_chart_table_and_csv_of_referrals_agree(worked: Site) -> None:
    page = page_of(worked, "/board/referrals")
    shown = table(page, "referrals-table")
    rows = list(reversed(csv_of(worked, "/board/referrals/file")))
    assert [row["Month"] for row in shown] == ["March 2026", "February 2026"]
    assert (shown[-1]["Referred (%)"], shown[-1]["Victims referred"], shown[-1]["Victims"]) == ("40.0%", "20", "50")
    for row, shown_row in zip(rows, shown, strict=True):
        for name in ("Referred (%)", "Victims referred", "Victims", "No evidence"):
            assert row[name] == without_signs(shown_row[name])
        assert row["Plan's path (%)"] == without_signs(shown_row["Plan’s path"])
        of = f"{shown_row['Victims referred']} of {shown_row['Victims']} victims"
        assert page.html.count(f"<title>{shown_row['Month']}: referred {shown_row['Referred (%)']}, {of}") == 2


@pytest.mark.parametrize("by", ["area", "month", "sex"])
def test_table_and_csv_of_the_way_to_support_agree(worked: Site, by: str) -> None:
    page = page_of(worked, f"/board/support?period=2026-q1&by={by}")
    assert "Of 50 victims 20 were referred (40.0%), and for 0 support began." in page.text
    shown = [[cell.text for cell in row.elements if cell.tag in ("th", "td")] for row in support_rows(page)]
    rows = csv_of(worked, f"/board/support/file?period=2026-q1&by={by}")
    assert [row["Line"] for row in rows] == [cells[0] for cells in shown]
    columns = ("Victims", "Referred (%)", *(title for title, _ in STEPS.values()), "No evidence")
    for row, (_, victims, share, _interval, *others) in zip(rows, shown, strict=True):
        assert [row[name] for name in columns] == [without_signs(cell) for cell in (victims, share, *others)]
    if by == "sex":
        assert [cells[0] for cells in shown] == ["Not asked", "All victims"]
        assert "Not asked: 50 of 50 victims." in page.text


def support_rows(page: Page) -> list[Page]:
    html = re.search(r'<table[^>]*id="support-table".*?</table>', page.html, re.DOTALL)
    assert html
    return Page(html[0].split("</thead>")[1]).rows()


def test_behind_the_figures_stand_causes_attempts_and_quality(worked: Site) -> None:
    page = page_of(worked, "/board/behind")
    causes = table(page, "causes-table")
    assert {(row["Agency"], row["Cause"], row["Late duties"]) for row in causes} == {
        ("Police", "No cause was given yet", "192"),
        ("Police", "All", "192"),
    }
    (police,) = table(page, "tried-table")
    assert (police["Agency"], police["Tried in time, not reached"], police["Met in time"]) == ("Police", "0", "58")
    assert "Nobody looked at cases of this period" in page.text
    assert "Nobody looked at the quality of cases of this period" in page_of(worked).text


def test_from_the_board_no_case_can_be_reached(sqlite_worked: Site) -> None:
    browser = sqlite_worked.sign_in("board")
    answers = {path: browser.get(path) for path in (*PAGES, *FILES)}
    answers |= {f"{path}, taken": taken(sqlite_worked, path) for path in FILES}
    answers["/board/files"] = browser.get("/board/files")
    for path, answer in answers.items():
        text = answer.text
        assert not re.search(r"REF\d|Suspect|officer-|Example Officer|/cases|/team", text), path
    for path in ("/cases", "/cases/REF01-BOARD", "/team", "/"):
        assert browser.get(path).status_code in (303, 403), path


@pytest.mark.parametrize("who", ["officer", "supervisor", "administrator"])
@pytest.mark.parametrize("path", [*PAGES, *FILES, "/board/files"])
def test_nobody_else_sees_it_and_that_is_written_down(sqlite_site: Site, who: str, path: str) -> None:
    assert sqlite_site.sign_in(who).get(path).status_code == 403
    what = "see the board's summaries" if path in PAGES else "take summaries out"
    assert sqlite_site.audit()[-1] == ("access", f"{what}: not allowed", who, "refused")


def test_who_is_not_signed_in_is_asked_to(sqlite_site: Site) -> None:
    assert sqlite_site.browser().get("/board").headers["Location"].startswith("/sign-in")


def test_each_page_and_each_file_is_written_down_without_a_case(worked: Site) -> None:
    browser = worked.sign_in("board")
    with worked.database.reading() as connection:
        before = connection.execute(select(func.count()).select_from(AuditSubject.__table__)).scalar_one()
    assert browser.get("/board/compliance").status_code == 200
    assert worked.audit()[-1] == ("consultation", "board 2026-q1 by right", "board", "done")
    for path in ("/board/compliance/file", "/board/referrals/file?reading=relative"):
        assert taken(worked, path).status_code == 200
    assert [row for row in worked.audit() if row[0] == "disclosure"] == [
        ("disclosure", "publish figures", "system", "done"),
        ("disclosure", "take compliance 2026-q1-by-right as a file", "board", "done"),
        ("disclosure", "take referrals relative as a file", "board", "done"),
    ]
    with worked.database.reading() as connection:
        after = connection.execute(select(func.count()).select_from(AuditSubject.__table__)).scalar_one()
    assert after == before


def test_a_period_is_chosen_from_the_menu_by_a_form_without_script(sqlite_worked: Site) -> None:
    form = page_of(sqlite_worked).form("/board/compliance")
    assert form.method == "get"
    assert form.values("period") == ["2026-q1"]
    assert "csrf_token" not in form.names, "nothing is changed, and no token belongs in an address"


@pytest.mark.parametrize("query", MENU_HAS_NOT)
def test_what_is_not_on_the_menu_is_not_shown(sqlite_worked: Site, query: str) -> None:
    browser = sqlite_worked.sign_in("board")
    assert browser.get(f"/board/{query}").status_code == 404


def test_both_readings_of_the_plan_are_shown_and_named(sqlite_worked: Site) -> None:
    points, relative = (page_of(sqlite_worked, f"/board/referrals{query}") for query in ("", "?reading=relative"))
    assert "5% and 25% better are read as percentage points: from 20% to 25%, then to 45%." in points.text
    assert "5% and 25% better are read as relative to 20%: from 20% to 21%, then to 25%." in relative.text
    assert points.links("Read “better” as relative change instead") == ["/board/referrals?reading=relative"]
    path = [table(page, "referrals-table")[0]["Plan’s path"] for page in (points, relative)]
    assert path == ["30.7%", "22.1%"]


def test_definitions_stand_beside_the_figures(sqlite_worked: Site) -> None:
    text = page_of(sqlite_worked).text + page_of(sqlite_worked, "/board/referrals").text
    for words in (
        "A count from 1 to 4 is hidden",
        "Victims' Code in force since 1 April 2021 (facts last checked on 21 November 2026)",
        "Refer the victim to a support service (R4-REF)",
        "Not guarded against",
        "An attempt is not an answer",
        "so the last months can still rise",
    ):
        assert words in text


def test_the_page_defines_its_figures_in_the_words_of_a_pack(sqlite_worked: Site) -> None:
    text = page_of(sqlite_worked, "/board/compliance?period=2026-q1").text
    in_a_pack = [meaning for _, meaning in definitions(Period.quarter(Quarter(2026, 1)), None)]
    assert len(in_a_pack) > 3
    for meaning in (*in_a_pack, ONE_COLUMN, small_numbers(5)):
        assert meaning in text


def test_chart_table_and_csv_of_the_months_agree(sqlite_worked: Site) -> None:
    page = page_of(sqlite_worked, "/board/months")
    (link,) = page.links(starts="/board/months/file")
    rows = csv_of(sqlite_worked, link)
    months = table(page, "months-table")
    assert len(rows) == len(months) == 1
    for row, shown in zip(reversed(rows), months, strict=True):
        for name in ("Met in time (%)", "Met", "Duties counted"):
            assert row[name] == without_signs(shown[name])
        assert f"<title>{shown['Month']}: in time {shown['Met in time (%)']}, " in page.html
        assert row["Chart"] == "line", "too few months for limits"


def test_the_csv_is_a_file_with_a_name_from_the_menu(sqlite_worked: Site) -> None:
    answer = taken(sqlite_worked, "/board/compliance/file?period=2026-q1")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="compliance-2026-q1-by-right.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_figures_it_says_so(site: Site) -> None:
    nothing = "There is nothing to show yet: figures are published some days after the end of a calendar quarter"
    for path in PAGES:
        assert nothing in page_of(site, path.partition("?")[0]).text
    browser = site.sign_in("board")
    for path in ("/board/compliance/file", "/board/months/file", "/board/support/file"):
        assert browser.get(path).status_code == 404
    assert len(taken(site, "/board/referrals/file").text.splitlines()) == 1


def test_nothing_on_the_page_has_a_style_or_a_handler_of_its_own(sqlite_worked: Site) -> None:
    html = page_of(sqlite_worked).html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert set(re.findall(r"<script[^>]*>", html)) <= set(re.findall(r'<script[^>]* src="/static/[^>]*>', html))


def test_an_installation_can_hide_more_and_never_less(sqlite_worked: Site, law: Law) -> None:
    changed: dict[str, Any] = {**sqlite_worked.app.state.settings.model_dump(), "small_numbers_below": 10}
    sqlite_worked.app.state.settings = Settings(**changed)
    assert "There is nothing to show yet" in page_of(sqlite_worked).text, "what was published shows counts below 10"
    publish_due(sqlite_worked.database, law, sqlite_worked.clock.now, threshold=10)
    page = page_of(sqlite_worked)
    row = next(row for row in table(page, "compliance-table") if row["Right"].startswith("6."))
    assert row["Met late"] == "[c]", "nine were told late"
    assert "A count from 1 to 9 is hidden" in page.text
    with pytest.raises(ValidationError):
        Settings(small_numbers_below=4)


def test_a_period_without_duties_says_so_and_claims_nothing(sqlite_worked: Site, law: Law) -> None:
    publish(sqlite_worked.database, law, [Quarter(2025, 4)], sqlite_worked.clock.now)
    text = page_of(sqlite_worked, "/board/compliance?period=2025-q4").text
    assert "No duty of the Code belongs to this period. The earliest figures published are of " in text
    assert "Every limit here was seen" not in text


# ------------------------------------------------------------------------------------------------ files that are taken


def test_what_a_file_holds_is_said_before_it_is_taken_and_kept_after(worked: Site) -> None:
    path = "/board/compliance/file?period=2026-q1"
    before, answer, after = page_of(worked, path).text, taken(worked, path), page_of(worked, "/board/files").text
    rows = list(csv.reader(StringIO(answer.content.decode(), newline="")))
    fingerprint = sha256(answer.content).hexdigest()
    assert f"{len(rows) - 1}, and one with the names of the columns" in before
    assert " ".join(rows[0]) in before
    assert fingerprint in before
    assert fingerprint in after
    assert f"Duties met in time, 2026-q1-by-right: {len(rows) - 1} rows" in after
    assert "For a meeting of the board" in after
    with worked.database.reading() as connection:
        (row,) = connection.execute(select(EXPORTS)).all()
    assert (json.loads(row.columns), row.rows, row.taken_by) == (rows[0], len(rows) - 1, "board")


@pytest.mark.parametrize(
    ("header", "reviewed"),
    [
        (
            compliance.CSV_HEADER,
            "Period from, Period to, As known on, Agency, Of right, Broken down by, Line, Name of line, Met"
            " in time (%), 95% interval from (%), 95% interval to (%), Duties counted, Met, Met late,"
            " Overdue, Late, then ended, Median working days, Nine in ten within working days, Superseded,"
            " Declined, Not applicable, Not safe, Good reason, In error, No evidence, Not yet known,"
            " Expected, No clock, Not counted, All duties",
        ),
        (
            support_reached.CSV_HEADER,
            "Period from, Period to, As known on, By, Line, Victims, Referred (%), 95% interval from (%),"
            " 95% interval to (%), Not offered, Offered, Declined, Agreed, Referred, Accepted, Contacted, Started,"
            " No evidence",
        ),
        (
            referral_rate.CSV_HEADER,
            "Month, As known on, Referred (%), 95% interval from (%), 95% interval to (%), Victims referred, Victims,"
            " Plan's path (%), Reading of the plan, No evidence, Note",
        ),
    ],
)
def test_a_file_has_the_columns_that_somebody_decided_on(header: tuple[str, ...], reviewed: str) -> None:
    assert ", ".join(header) == reviewed


def test_a_file_is_not_taken_without_saying_what_for(sqlite_worked: Site) -> None:
    browser, path = sqlite_worked.sign_in("board"), "/board/referrals/file"
    answer = browser.post(path, Page(browser.get(path).text).form(path).filled())
    assert answer.status_code == 422
    assert "Choose what the file is for" in Page(answer.text).text
    assert "Nobody has taken a file yet." in page_of(sqlite_worked, "/board/files").text


def test_figures_that_changed_since_they_were_shown_are_shown_first(worked: Site, law: Law) -> None:
    browser, path = worked.sign_in("board"), "/board/referrals/file"
    filled = Page(browser.get(path).text).form(path).filled(purpose="publication")
    store(worked.database, [arrest(number, IN_TIME, referred=True) for number in range(60, 80)], law=law)
    publish(worked.database, law, [Quarter(2026, 1)], worked.clock.now)
    answer = browser.post(path, filled)
    assert answer.status_code == 409
    assert "The figures have changed since this page was shown." in Page(answer.text).text
    again = browser.post(path, Page(answer.text).form(path).filled(purpose="publication"))
    assert again.headers["Content-Type"].startswith("text/csv")
