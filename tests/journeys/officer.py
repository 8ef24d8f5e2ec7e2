"""What people do in a story: each step is what somebody does at their desk, by the words on the page of a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk, SignIn
from victimcare.domain.code import NOT_VERIFIED

LONDON = ZoneInfo("Europe/London")
CONFIRM = "Send the victim written confirmation"
INFORM = "Tell the victim: where to get information and support"
RESTORE = "Tell the victim: restorative justice"
REFER = "Refer the victim to a support service"
AT_FIRST = {CONFIRM, INFORM, RESTORE, REFER}
"""What is owed to every victim from the report on."""
INTERVAL = "Contact the victim: agreed interval"

_PAGES_OF_THEIR_OWN = {"Case closed": ("Close the case", "Close the case")}
"""Of what is offered among the kinds of event: the heading and the button of a page that records it by itself."""


def typed(page: Page, field: str, day: str) -> None:
    """Fill in a date as people type it: `2 6 2026`."""
    for part, value in zip(("day", "month", "year"), day.split(), strict=True):
        page.fill(f"#{field}-{part}", value)


@dataclass(frozen=True, slots=True)
class Victim:
    """Whom an officer names when they record a crime. `born_on` as typed."""

    name: str
    basis: str = "Harmed by the crime directly"
    born_on: str = ""
    contact: str = ""


class Story:
    """The days of one story: it moves the clock of the site and brings people to their desks."""

    def __init__(self, desk: Desk, sign_in: SignIn, *, javascript: bool = False) -> None:
        self.desk, self._sign_in, self._javascript = desk, sign_in, javascript
        self._windows: dict[str, Page] = {}

    def on(self, day: str, who: str = "colleague", ref: str = "") -> Worker:
        """That day (`1 June 2026`), at half past nine: this person signs in, to work on the case."""
        morning = datetime.strptime(f"{day} 09:30", "%d %B %Y %H:%M").replace(tzinfo=LONDON)
        self.desk.casework.site.clock.now = morning
        return self.also(who, ref)

    def also(self, who: str, ref: str = "") -> Worker:
        """Somebody else, at the same moment."""
        self._windows[who] = self._sign_in(who, javascript=self._javascript, at=self._windows.get(who))
        return Worker(self._windows[who], self.desk, ref)


class Worker:
    """Somebody at their desk, and the case that they have before them."""

    def __init__(self, page: Page, desk: Desk, ref: str = "") -> None:
        self.page, self.desk, self.ref = page, desk, ref

    # ------------------------------------------------------------------------------------------------ finding the way

    def opens(self, part: str = "") -> Page:
        """A page of the case."""
        self.page.goto(f"{self.desk.address}/cases/{self.ref}{part}")
        return self.page

    def sees_the_case(self) -> Page:
        """The case's own page, as it is now: not loaded again where it is what they have just landed on."""
        if self.page.url.split("?")[0] != f"{self.desk.address}/cases/{self.ref}":
            self.opens()
        return self.page

    def presses(self, button: str, then: str) -> None:
        """Press a button and land on an address of this form."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_url(then)

    def duty(self, title: str) -> str:
        """What the case says of the duty of this title, on one line."""
        return " ".join(self._duty(title).inner_text().split())

    def owes(self) -> set[str]:
        """The titles under "Owed to the victim"."""
        return self._titles("duties")

    def waits_for(self) -> set[str]:
        """The titles under "Waiting for another agency"."""
        return self._titles("waiting")

    def stands(self, standing: str, *duties: str) -> bool:
        """Whether the case says this of each of these duties: `Met`, `Met late`, `Declined`."""
        return all(self.duty(title).startswith(f"{title} {standing}") for title in duties)

    def _titles(self, heading: str) -> set[str]:
        section = self.sees_the_case().locator(f"section[aria-labelledby={heading}]")
        titles = [title.strip() for title in section.locator(".app-duty__title").all_inner_texts()]
        assert len(titles) == len(set(titles)), titles
        return set(titles)

    def _duty(self, title: str) -> Locator:
        page = self.sees_the_case()
        return page.locator(".app-duty", has=page.get_by_role("heading", name=title, exact=True)).first

    # ------------------------------------------------------------------------------------------------------ the crime

    def records_a_crime(
        self, reference: str, crime_type: str, *victims: Victim, reported: str = "", trained: str = ""
    ) -> list[str]:
        """From the day's page to the cases that it opened; their references. The first is before them now."""
        page = self.page
        page.get_by_role("link", name="Record a crime").first.click()
        for _ in victims[1:]:
            page.get_by_role("button", name="Add another victim").click()
        page.get_by_label("Crime reference").fill(reference)
        page.get_by_label("Type of crime").select_option(crime_type)
        page.get_by_label("Area").select_option("E01")
        if trained:
            page.get_by_label(trained).check()
        if reported:
            typed(page, "reported_on", reported)
        for number, victim in enumerate(victims, 1):
            page.fill(f"#name_{number}", victim.name)
            page.locator(f"#basis_{number}").select_option(victim.basis)
            if victim.born_on:
                typed(page, f"born_on_{number}", victim.born_on)
            page.fill(f"#contact_{number}", victim.contact)
        page.get_by_role("button", name="Record the crime", exact=True).click()
        page.get_by_role("heading", name="The crime is recorded").wait_for()
        headings = page.get_by_role("heading", name=re.compile("^Case ")).all_inner_texts()
        refs = [heading.removeprefix("Case ") for heading in headings]
        self.ref = refs[0]
        return refs

    # ----------------------------------------------------------------------------------------------------- the victim

    def assesses_needs(self, *criteria: str, stage: str = "At the report", who: str = "Police") -> None:
        """Ask, see what it changes, and record it."""
        page = self.opens("/needs")
        page.get_by_label(who, exact=True).check()
        page.get_by_label("At which stage?").select_option(label=stage)
        page.check("[name=interpreter][value=no]")
        for criterion in criteria:
            page.get_by_label(criterion).check()
        page.get_by_role("button", name="See what it changes").click()
        self.presses("Record the assessment", "**/victim?*")

    def adds(self, kind: str, value: str, *, safe: bool = True, **questions: str) -> None:
        """A telephone, an address or an e-mail address that the victim says is safe."""
        page = self.opens("/contact-details/new")
        page.get_by_label(kind, exact=True).check()
        page.get_by_label("Number or address").fill(value)
        page.get_by_label("Yes, they told me" if safe else "No, or I do not know").check()
        for name, answer in questions.items():
            page.fill(f"#{name}", answer)
        self.presses("Add", "**/contact-details?*")

    def confirms_the(self, point: str) -> None:
        """The victim says again that it is safe, in the words of before."""
        page = self.opens("/contact-details")
        card = page.locator(".app-duty", has=page.get_by_role("heading", name=point, exact=True))
        card.get_by_role("link", name="The victim says it is safe").click()
        self.presses("They say it is safe", "**/contact-details?*")

    def chooses(self, how_often: str) -> None:
        """Record how often the victim wants to hear."""
        page = self.opens("/choices")
        page.get_by_label(how_often, exact=True).check()
        page.get_by_role("button", name="See what it changes").click()
        self.presses("Record the choice", "**/victim?*")

    def names(self, name: str, told_as: str, *, suspect: bool = False) -> None:
        """Somebody else who is told, or who must never be."""
        page = self.opens("/told")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label(told_as, exact=True).check()
        page.locator(f"[name=is_suspect][value={'yes' if suspect else 'no'}]").check()
        if not suspect:
            page.locator("[name=tells]").first.check()
        self.presses("Record", "**/victim?*")

    # ------------------------------------------------------------------------------------------------- telling them

    def reaches_them(self, *duties: str, by: str = "Phone call") -> None:
        """A contact that answers these duties, with all that each must tell."""
        page = self.opens("/contacts/new")
        page.get_by_label("Yes", exact=True).check()
        page.get_by_label(by, exact=True).check()
        self._ticks(duties)
        if CONFIRM in duties:
            page.get_by_label("They were given it in writing too").check()
        self.presses("Record", "**?recorded=contact_made")

    def tries(self, by: str = "Phone call") -> None:
        """A contact that reached nobody."""
        page = self.opens("/contacts/new")
        page.get_by_label("No, I tried").check()
        page.get_by_label(by, exact=True).check()
        self.presses("Record", "**?recorded=contact_attempted")

    def writes_and_posts(self, title: str, *duties: str, blank: str = "plainly invented words") -> None:
        """Write the letter of this title, fill in its blanks, print it and post it."""
        page = self.opens("/messages")
        offered = page.locator(".app-choice", has_text=title).first
        offered.get_by_role("link").click()
        page.get_by_role("radio", name=re.compile("^Letter to ")).check()
        body = page.get_by_label("The message")
        body.fill(re.sub(r"\[[^\]]*\]", blank, body.input_value()))
        self._ticks(duties)
        page.get_by_role("button", name="Look at it before it goes").click()
        self.presses("Write the letter", "**/messages?done=written")
        page.get_by_role("button", name="Open it to print").first.click()
        page.get_by_role("heading", name="Letter to print").wait_for()
        self.presses("It was posted", "**/messages?*")

    def tells_the_first_things(self) -> None:
        """Written confirmation, and the leaflet on rights, support and restorative justice, each by post."""
        self.writes_and_posts("Written confirmation of the crime", CONFIRM)
        self.writes_and_posts("Your rights, support and restorative justice", INFORM, RESTORE)

    def _ticks(self, duties: tuple[str, ...]) -> None:
        for title in duties:
            box = self.page.get_by_label(re.compile(rf"^\s*{re.escape(title)}( {re.escape(NOT_VERIFIED)})?\s*$"))
            box.check()
            anchor = box.get_attribute("value")
            for telling in self.page.locator(f"[name=told][value^='{anchor}:']").all():
                telling.check()

    def writes_a_note(self, words: str) -> None:
        """Something for whoever works on the case next."""
        self.opens("/notes").get_by_label("Write a note").fill(words)
        self.presses("Save the note", "**/notes?*")

    # ------------------------------------------------------------------------------------------------ what happened

    def records(self, title: str, on: str, *, of: str = "", new: str = "", **answers: str) -> None:
        """Choose it from what is offered first, say when, of whom, and the rest by the names of its details."""
        page = self.opens("/events")
        offered = page.locator("main .app-columns").first
        expect(offered).to_be_visible()
        whose = re.escape(f"({of})") if of else ""
        offered.get_by_role("link", name=re.compile(rf"^{re.escape(title)}\s*{whose}$")).first.click()
        heading, button = _PAGES_OF_THEIR_OWN.get(title, (title, "Record"))
        page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
        self._says_when(on)
        if new:
            self._names_another(new)
        elif of:
            expect(page.get_by_label(of, exact=True)).to_be_checked()
        for name, value in answers.items():
            if value:
                self._answers(name, value)
        self.presses(button, "**?recorded=*")

    def does(self, duty: str, on: str) -> None:
        """What this duty asks for was done: recorded from the duty's own row."""
        self._duty(duty).get_by_role("link", name="Record it").click()
        self._says_when(on)
        self.presses("Record", "**?recorded=*")

    def _says_when(self, on: str) -> None:
        for field in ("happened_on", "received_on"):
            if self.page.locator(f"#{field}-day").count():
                typed(self.page, field, on)

    def _names_another(self, label: str) -> None:
        another = self.page.locator("#subject-another")
        if another.count():
            another.check()
            self.page.fill("#another_subject", label)
        else:
            self.page.fill("#subject", label)

    def _answers(self, name: str, value: str) -> None:
        if name.endswith("_on"):
            field = name if name == "received_on" else f"detail_{name}"
            typed(self.page, field, value)
            return
        field = self.page.locator(f"[name=detail_{name}]")
        if field.first.get_attribute("type") == "radio":
            self.page.check(f"[name=detail_{name}][value='{value}']")
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

    # ------------------------------------------------------------------------------------------------------- support

    def refers_to(self, service: str, *also: str) -> None:
        """From the case's page of support: they agreed; `also` are the other boxes that must be ticked."""
        page = self.opens("/support")
        page.get_by_role("link", name=f"Refer to {service}").click()
        page.get_by_label("Yes, they agreed").check()
        for box in also:
            page.get_by_label(box).check()
        page.get_by_role("button", name="Make it ready to print").click()
        page.get_by_role("button", name="Open it to print").click()
        page.get_by_role("button", name="It was handed over").click()
        page.get_by_role("button", name="Record").click()
        page.get_by_role("heading", name="Support", exact=True).wait_for()

    def hears_of_support(self, step: str, service: str) -> None:
        """The service did the next thing."""
        self.opens("/support").locator("a", has_text=step).filter(has_text=service).click()
        self.page.get_by_role("button", name="Record").click()
        self.page.get_by_role("heading", name="Support", exact=True).wait_for()

    # ---------------------------------------------------------------------------------------------------- the team

    def protects_the_location(self, custodian: str, *, because: str) -> None:
        """A supervisor says that nobody but the custodian may know where the victim is."""
        page = self.opens("/contact-details/protection")
        page.get_by_label("Custodian").select_option(custodian)
        page.get_by_label("Why is it protected?").fill(because)
        self.presses("Protect the location", "**/contact-details?*")

    def hands_over(self, *refs: str, to: str, because: str) -> None:
        """A supervisor gives these cases to another officer, and sees first what it would do."""
        page = self.page
        page.goto(f"{self.desk.address}/team/reassign")
        for ref in refs:
            page.get_by_label(re.compile(ref)).check()
        page.get_by_label("New case officer").select_option(to)
        page.get_by_label("Reason").fill(because)
        page.get_by_role("button", name="See what it would do").click()
        page.get_by_role("button", name=re.compile("^Reassign")).click()
        page.get_by_role("heading", name="Handed over", exact=True).wait_for()
