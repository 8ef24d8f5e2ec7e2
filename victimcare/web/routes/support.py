"""Support: where each referral stands, who fits, and that nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response

from victimcare.commands.take_referral_step import record_gap
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.people import Action
from victimcare.domain.referral import Referral
from victimcare.domain.referral_content import Agreed, hash_of
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.queries.case_page import CasePage
from victimcare.queries.support import SupportPage
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Consulted
from victimcare.web.forms import Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.support_reading import EventKey, TheSupport

router = APIRouter(prefix="/cases/{ref}/support")

Done = Literal["", "on_its_way", "to_print", "handed_over", "withdrawn"]
_DONE = {
    "on_its_way": "The referral is on its way: it counts as sent when it has left",
    "to_print": "The referral is ready to print. It counts as sent when it was handed over",
    "handed_over": "The referral was handed over",
    "withdrawn": "The referral was withdrawn: it was not sent",
}


@dataclass(frozen=True, slots=True)
class SentView:
    """What went to a service. `same`: it would be word for word the same today; None: nothing was kept."""

    case: CasePage
    referral: Referral
    content: tuple[tuple[str, str], ...]
    same: bool | None
    told_no_safe_way: bool


@router.get("", dependencies=[policy(Action.SEE_FILE)])
def support(request: Request, reader: TheSupport, recorded: EventKind | None = None, done: Done = "") -> Response:
    """Where the victim stands on the way to support, and who fits."""
    case = reader.case()
    words = EVENT_KINDS[recorded].title if recorded else _DONE.get(done, "")
    return render(request, "support/support.html", reader.view(case, done=words), form=opened(CaseForm, case))


@router.post("/gap", dependencies=[policy(Action.RECORD_EVENT)])
def gap(ref: CaseRef, form: Sent[CaseForm], reader: TheSupport, writer: TheCaseWriter) -> Response:
    """Nobody fits: kept, and counted as a gap of the directory."""
    return writer.write(
        ref,
        form,
        FormPage("support/support.html", reader.view),
        asked=lambda values, case: None,
        record=lambda connection, _, how: record_gap(
            connection,
            policy=published_referral_policy(),
            contact=published_policy(),
            vault=reader.vault,
            **how,
        ),
        done=f"/cases/{ref}/support?recorded=no_service_fits",
    )


@router.get("/referrals/{key}/sent", dependencies=[policy(Action.SEE_FILE)])
def sent(request: Request, key: EventKey, reader: TheSupport, consulted: Consulted) -> Response:
    """What went to a service, without the numbers and addresses of the ways to the victim."""
    case, page = reader.case(), reader.page()
    referral = page.file.support.referral(key)
    kept = page.sent.get(key)
    content = _content_as_sent(page, referral)
    same = None if kept is None else hash_of(content) == kept.content_hash
    consulted("what a referral sent", [case.case_id])
    view = SentView(case, referral, content, same, bool(kept and kept.told_no_safe_way))
    return render(request, "support/sent.html", view)


def _content_as_sent(page: SupportPage, referral: Referral) -> tuple[tuple[str, str], ...]:
    kept = page.sent.get(referral.key)
    sent_on = london_date(kept.made_at) if kept else referral.steps[0].on
    support = page.file.support
    agreed_before = support.agreed and support.answered_on is not None and support.answered_on <= sent_on
    on = support.answered_on if agreed_before and support.answered_on else sent_on
    return page.file.content(Agreed(agreed_before, on, support.guardian_agreed), sent_on=sent_on)
