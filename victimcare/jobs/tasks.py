"""What each job does: it asks commands and queries, and opens one short transaction after another."""

from __future__ import annotations

import logging
from dataclasses import replace

from victimcare.commands.check_projection import check_projection as differences_in
from victimcare.commands.erase_case import cases_to_erase
from victimcare.commands.erase_case import erase_cases as erase_cases_of
from victimcare.commands.find_breaches import cases_to_search
from victimcare.commands.find_breaches import find_breaches as find_breaches_in
from victimcare.commands.forget_waiting import forget_waiting
from victimcare.commands.make_replay import make_replay
from victimcare.commands.move_deadlines import cases_to_move
from victimcare.commands.move_deadlines import move_deadlines as move_deadlines_of
from victimcare.commands.propose_disposal import Survey, propose, survey
from victimcare.commands.propose_holidays import BadHolidayList, propose_fetched
from victimcare.commands.publish_figures import publish_figures as publish_figures_of
from victimcare.commands.publish_figures import quarters_to_publish, tally_quarter
from victimcare.commands.watch_access import days_to_watch, keep_suspicions
from victimcare.domain.calendar import london_date
from victimcare.domain.explanation import in_words
from victimcare.domain.quarter import Quarter
from victimcare.domain.snooping import suspicions
from victimcare.editions.board_policy import published_board_policy
from victimcare.editions.force_policy import published_policy
from victimcare.editions.published_holidays import read_published
from victimcare.editions.retention import published_retention
from victimcare.exchange.backup.make import make_backup
from victimcare.exchange.board_packs import make_pack
from victimcare.exchange.feeds import write_feeds as write_feeds_into
from victimcare.exchange.holiday_feed import FeedFailed, fetch_published
from victimcare.exchange.records.turns import join_in_turn, turns_waiting
from victimcare.jobs.chunks import and_failed, in_chunks
from victimcare.jobs.gone_back import held_back
from victimcare.jobs.work import Done, Work
from victimcare.presentation.words import counted
from victimcare.queries.audit_check import check_audit, next_anchor
from victimcare.queries.bank_holidays import ending_soon
from victimcare.queries.board_packs import packs_to_make
from victimcare.queries.replays import replays_to_make
from victimcare.queries.snooping import everybodys_day

LOG = logging.getLogger("victimcare.jobs")
SAMPLE = 500


def find_breaches(work: Work) -> Done:
    """A breach for each duty that is newly late; with `full`, for each that has none."""
    with work.database.reading() as connection:
        reached_at = None if work.full else work.reached_at
        case_ids = cases_to_search(connection, reached_at=reached_at, now=work.now)
    if work.dry_run:
        return Done(f"{counted(len(case_ids), 'case')} with a duty that is newly late")
    found, failures = in_chunks(
        work,
        case_ids,
        lambda connection, ids: find_breaches_in(connection, case_ids=ids, now=work.now),
    )
    return Done(f"{counted(found, 'new breach', 'new breaches')}{and_failed(failures)}", failures)


def sweep_breaches(work: Work) -> Done:
    """The same through the whole table."""
    return find_breaches(replace(work, full=True))


def check_projection(work: Work) -> Done:
    """Stored deadlines and cases against those derived anew, for a sample of cases."""
    differences = differences_in(work.database, law=work.law, sample=SAMPLE, today=london_date(work.now))
    if differences:
        return Done(f"{counted(differences, 'row')} not as derived: run `victimcare rebuild`", differences)
    return Done("Every deadline of the sample is as derived")


def check_bank_holidays(work: Work) -> Done:
    """Whether the list of bank holidays reaches far enough; first the published one, where an address is set."""
    calendar = work.law.calendar
    said = ending_soon(calendar, today=london_date(work.now)) or (
        f"Bank holidays are known until {in_words(calendar.known_until)}"
    )
    if work.holidays_address is None or work.dry_run:
        return Done(said)
    try:
        asked = _ask_for_holidays(work, work.holidays_address)
    except (FeedFailed, BadHolidayList) as failed:
        return Done(f"{failed}. The list in force stays. {said}", failures=1)
    return Done(f"{said}. {asked}" if asked else said)


def _ask_for_holidays(work: Work, address: str) -> str:
    """Propose what is published; what there is to say of it."""
    published = read_published(fetch_published(address))
    with work.database.writing() as connection:
        done = propose_fetched(connection, published=published, now=work.now, calendar=work.law.calendar)
    return f"List {done.number} waits for the Code lead" if done.number else ""


def move_deadlines(work: Work) -> Done:
    """The deadlines of every case that still has to follow a change of the law, a case a transaction."""
    with work.database.reading() as connection:
        case_ids = cases_to_move(connection)
    if work.dry_run:
        return Done(f"{counted(len(case_ids), 'case')} to follow a change of the law")
    moved = failures = 0
    for case_id in case_ids:
        work.stop_if_asked()
        one, failed = in_chunks(
            work,
            [case_id],
            lambda connection, ids: move_deadlines_of(connection, case_ids=ids, now=work.clock(), law=work.law),
        )
        moved, failures = moved + one, failures + failed
    return Done(f"{counted(moved, 'case')} of {len(case_ids):,} with moved deadlines{and_failed(failures)}", failures)


def propose_disposals(work: Work) -> Done:
    """Every case that is due by the force's rules on keeping cases; beyond the cap two people are asked first."""
    policy = published_retention()
    with work.database.reading() as connection:
        found = survey(connection, policy=policy, today=london_date(work.now))
    if not work.dry_run:
        with work.database.writing() as connection:
            propose(connection, found=found, now=work.now)
    return Done(_surveyed(found))


def _surveyed(found: Survey) -> str:
    due = f"{counted(len(found.due), 'case')} due for disposal, of {found.cases:,}"
    return f"{due}: more than {found.cap:,}, so two people must agree first" if found.over_cap else due


def erase_cases(work: Work) -> Done:
    """What can be undone no more, as many cases in a night as a run may propose by itself."""
    policy = published_retention()
    if work.backups is not None:
        # What a certificate says must hold where backups are kept for longer than the force once decided.
        policy = replace(policy, backups_days=max(policy.backups_days, work.backups.keep_days))
    with work.database.reading() as connection:
        disposals = cases_to_erase(connection, policy=policy, now=work.now)
    if work.dry_run:
        return Done(f"{counted(len(disposals), 'case')} to erase")
    erased, failures = in_chunks(
        work,
        disposals,
        lambda connection, ids: erase_cases_of(connection, disposal_ids=ids, policy=policy, law=work.law, now=work.now),
    )
    return Done(f"{counted(erased, 'case')} erased{and_failed(failures)}", failures)


def join_records(work: Work) -> Done:
    """What waited for a record that is here since, where it was too much to be joined at once; what waited too long."""
    if work.dry_run:
        with work.database.reading() as connection:
            return Done(f"{counted(turns_waiting(connection), 'record')} to be joined")
    if work.post is None:
        return Done("This process cannot open what systems of the force said", failures=1)
    vault, now = work.post.vault, work.now
    joined, refused = join_in_turn(work.database, law=work.law, vault=vault, now=now, stop_if_asked=work.stop_if_asked)
    policy = published_policy()
    with work.database.writing() as connection:
        forgotten = forget_waiting(connection, policy=policy, now=now)
    said = [f"{counted(joined, 'record')} joined"]
    said += [f"{refused:,} refused, to be tried again with the next import"] if refused else []
    said += [f"{forgotten:,} forgotten, which waited for {policy.keep_waiting} days"] if forgotten else []
    return Done(", ".join(said))


def anchor_audit(work: Work) -> Done:
    """The heads of the audit's chains, signed and outside the database; they go into the log of the service too."""
    if (why := held_back(work)) is not None:
        return why
    with work.database.reading() as connection:
        anchor = next_anchor(connection, work.anchors.last() if work.anchors else None, now=work.now)
    ends = ", ".join(str(head.seq) for head in anchor.heads) or "none"
    if work.anchors is None:
        return Done("There is no file for anchors", failures=1)
    if not work.dry_run:
        work.anchors.add(anchor)
        for head in anchor.heads:
            LOG.info("audit anchored: chain %s ends with row %s, %s", *head)
    return Done(f"The audit's chains end with the rows {ends}")


def verify_audit(work: Work) -> Done:
    """Every row of the audit against the one before it, and against the anchors."""
    anchors = work.anchors.anchors() if work.anchors else []
    with work.database.reading() as connection:
        found = check_audit(connection, anchors)
    if found.wrong:
        return Done(f"The audit was changed: {found.wrong.sentence}", failures=1)
    return Done(f"{counted(found.rows, 'row')} as they were written, {counted(len(anchors), 'anchor')} fit")


def back_up(work: Work) -> Done:
    """A sealed copy of the whole database, read again from where it lies."""
    if work.backups is None:
        return Done("There is no folder for backups", failures=1)
    if work.dry_run:
        return Done(f"A backup in {work.backups.folder}")
    made = make_backup(
        work.database,
        backups=work.backups,
        now=work.clock(),
        progress=lambda _done, _of: work.stop_if_asked(),
    )
    rows, older = sum(made.manifest.contents.rows.values()), counted(made.deleted, "older backup")
    return Done(f"{made.file.name}: {counted(rows, 'row')}, read again; {older} deleted")


def watch_access(work: Work) -> Done:
    """The signs of snooping in each day of the audit that is over and was not looked through."""
    added = 0
    for on in days_to_watch(reached_at=work.reached_at, now=work.now):
        work.stop_if_asked()
        with work.database.reading() as connection:
            found = suspicions(everybodys_day(connection, on))
        if work.dry_run:
            added += len(found)
            continue
        with work.database.writing() as connection:
            added += keep_suspicions(connection, found, looked_on=on, now=work.now)
    return Done(f"{counted(added, 'alert')} for a privacy reviewer")


def publish_figures(work: Work) -> Done:
    """The figures of each quarter that is to be published now, or looked at again, a quarter a transaction."""
    with work.database.reading() as connection:
        quarters = quarters_to_publish(
            connection,
            today=london_date(work.now),
            calendar=work.law.calendar,
            policy=published_board_policy(),
            threshold=work.ladder.small_numbers_below,
        )
    if work.dry_run:
        return Done(f"{counted(len(quarters), 'quarter')} to look at")
    published = 0
    for quarter in quarters:
        work.stop_if_asked()
        published += _publish_quarter(work, quarter)
    return Done(f"{counted(published, 'publication')}, of {counted(len(quarters), 'quarter')} looked at")


def _publish_quarter(work: Work, quarter: Quarter) -> bool:
    threshold = work.ladder.small_numbers_below
    with work.database.reading() as connection:
        tally = tally_quarter(connection, quarter=quarter, law=work.law)
    with work.database.writing() as connection:
        return publish_figures_of(connection, tally, quarter=quarter, now=work.now, threshold=threshold)


def write_feeds(work: Work) -> Done:
    """What was published, as open tables in the folder of the force's data team."""
    if work.feeds is None:
        return Done("No folder for feeds is set")
    if work.dry_run:
        return Done(f"Open tables in {work.feeds.folder}")
    threshold = work.ladder.small_numbers_below
    written = write_feeds_into(work.database, work.feeds, law=work.law, threshold=threshold, now=work.now)
    of = f"{counted(written.quarters, 'quarter')}, {counted(written.files, 'file')}"
    return Done(f"{of}: {'new' if written.is_new else 'as they were'}, version {written.version}")


def make_packs(work: Work) -> Done:
    """The board packs that were asked for, one after the other."""
    with work.database.reading() as connection:
        waiting = packs_to_make(connection, now=work.now)
    if work.dry_run:
        return Done(f"{counted(len(waiting), 'pack')} to make")
    made = failures = 0
    for asked in waiting:
        work.stop_if_asked()
        try:
            made += make_pack(work.database, asked, law=work.law, clock=work.clock)
        except Exception as failed:
            failures += 1
            LOG.error("a board pack failed: %s", type(failed).__name__)
    return Done(f"{counted(made, 'pack')} made{f'; {failures} could not be made' if failures else ''}", failures)


def make_replays(work: Work) -> Done:
    """The quarters that the board asked to have reckoned anew, one after the other."""
    with work.database.reading() as connection:
        waiting = replays_to_make(connection, now=work.now)
    if work.dry_run:
        return Done(f"{counted(len(waiting), 'quarter')} to reckon anew")
    made = failures = 0
    for asked in waiting:
        work.stop_if_asked()
        try:
            made += make_replay(work.database, asked, law=work.law, clock=work.clock, stopping=work.stopping)
        except Exception as failed:
            failures += 1
            LOG.error("a quarter could not be reckoned anew: %s", type(failed).__name__)
    work.stop_if_asked()
    failed_words = f"; {failures} could not be" if failures else ""
    return Done(f"{counted(made, 'quarter')} reckoned anew{failed_words}", failures)
