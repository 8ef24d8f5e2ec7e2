"""From exceptions to pages: the one table of what is answered when something cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from victimcare.commands.answer_message import AnsweredAlready
from victimcare.commands.answer_once import KeyUsedOtherwise
from victimcare.commands.ask_supervisor import NothingToAnswer
from victimcare.commands.change_password import NoPasswordHere
from victimcare.commands.check_code import NotTheirCode
from victimcare.commands.check_quality import AlreadyChecked
from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.keep_api_clients import NotTheirClients
from victimcare.commands.keep_directory import NotTheirDirectory
from victimcare.commands.keep_form import NothingKept
from victimcare.commands.keep_out import ListRefused
from victimcare.commands.keep_people import NotTheirPeople
from victimcare.commands.keep_teams import NoSuchTeam
from victimcare.commands.link_cases import SecondPersonNeeded
from victimcare.commands.name_cover import NoSuchCover
from victimcare.commands.open_contact_point import PointWithheld
from victimcare.commands.open_in_emergency import NoSuchEmergency
from victimcare.commands.protect_location import CannotBeCustodian
from victimcare.commands.reassign_cases import CannotTakeCases
from victimcare.commands.record_contact import AttemptIsNoAnswer
from victimcare.commands.review_alert import NoSuchAlert, ReviewedAlready
from victimcare.commands.settle_notices import NoSuchNotice
from victimcare.commands.share_record import OwnPack
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.edition_entries import UnknownEntry
from victimcare.domain.emergency_access import Refusal
from victimcare.domain.journey import CorrectsNothing
from victimcare.domain.referral import NoSuchReferral
from victimcare.domain.safe_contact import PointRefused
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.api_clients import NoSuchClient, WrittenMeanwhile
from victimcare.store.cases import CaseChanged, NoSuchCase
from victimcare.store.contact_points import NoSuchPoint, PointChanged
from victimcare.store.disposals import NoSuchDisposal, NoSuchRun
from victimcare.store.faults import Fault, fault_of
from victimcare.store.incidents import NoSuchIncident
from victimcare.store.messages import NoSuchMessage
from victimcare.store.outgoing_referrals import NoSuchOutgoing
from victimcare.store.row_names import NamesNothing
from victimcare.store.services import NoSuchService
from victimcare.store.staff import NoSuchPerson
from victimcare.store.used_forms import FormAlreadySent
from victimcare.store.vault import DoesNotOpen
from victimcare.store.webhooks import NoSuchWebhook
from victimcare.web.api.problems import Refused, as_problem, is_for_systems
from victimcare.web.deps import CannotAudit, NotSignedIn, ProofNeeded
from victimcare.web.forms import FormRefused
from victimcare.web.identity_provider import ProviderFailed
from victimcare.web.kept_forms import keep_typed
from victimcare.web.offered import NotOffered
from victimcare.web.pages import render
from victimcare.web.policies import FormNotOurs, NotAllowed
from victimcare.web.refusals import write_refusal
from victimcare.web.security import log_fault


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A page that says what went wrong and what to do now."""

    heading: str
    sentences: tuple[str, ...]
    reference: str | None = None


GO_BACK = "Nothing was changed. Go back, load the page again, and send it once more."
CANNOT = "This cannot be recorded"
_IN_EMERGENCY: dict[Refusal, tuple[str, tuple[str, ...] | None]] = {
    Refusal.ENDED: (
        "Your emergency access to this case has ended",
        ("An hour is over, or you signed out. If somebody is still in danger, open the case again.",),
    ),
    Refusal.MORE_THAN_LOOKING: (
        "Emergency access is for looking only",
        ("Nothing was recorded. Say what you did in a message for its case officer.",),
    ),
}
BUSY = ("Nothing was changed. Try again in a minute.",)
_TELL = "Nothing was changed, and what is recorded is still there. Tell whoever runs the service:"
_NO_CASES = (
    "Until then no page with a case can be shown, because that it was looked at could not be written down. "
    "If it is urgent, work from what you have on paper and record it later with the time at which it happened."
)
FAULTS: dict[Fault, tuple[str, tuple[str, ...]]] = {
    Fault.FULL: ("Nothing can be recorded now", (f"{_TELL} its disk is full.", _NO_CASES)),
    Fault.READ_ONLY: ("Nothing can be recorded now", (f"{_TELL} its database cannot be written to.", _NO_CASES)),
    Fault.DAMAGED: ("The service cannot read its records now", (f"{_TELL} its database is damaged.", _NO_CASES)),
    Fault.AWAY: ("The service cannot reach its records now", (f"{_TELL} its database does not answer.", _NO_CASES)),
    Fault.BUSY: ("The service is busy", BUSY),
}
"""What is said where the database is the reason."""

# Exceptions whose own sentence is for people are shown with it; the others only with the words here.
ERRORS: dict[type[Exception], tuple[int, str, tuple[str, ...] | None]] = {
    NoSuchCase: (404, "There is no such case", ("It may have another reference, or it may not be yours to see.",)),
    NoSuchOutgoing: (404, "There is no such referral", ("It may be of another case.",)),
    NoSuchReferral: (404, "There is no such referral", ("It may have been corrected away.",)),
    NoSuchService: (404, "There is no such service", ("It may have been retired.",)),
    NotTheirDirectory: (403, "Your role does not include this page", None),
    NoSuchPerson: (404, "There is no such person", ("They may have left.",)),
    NoPasswordHere: (409, "Your password cannot be changed here", None),
    NothingKept: (404, "Nothing is kept here", None),
    UnknownEntry: (404, "There is no such rule", ("Go back to the Code and choose one.",)),
    NotTheirCode: (403, "Your role does not include this page", None),
    NotTheirPeople: (403, "Your role does not include this page", None),
    NoSuchClient: (404, "There is no such system", ("Go back to the systems and choose one.",)),
    NoSuchWebhook: (409, "It is told nothing yet", None),
    NotTheirClients: (403, "Your role does not include this page", None),
    NoSuchTeam: (404, "There is no such team", ("Go back to the teams and choose one.",)),
    NoSuchMessage: (404, "There is no such message", ("It may be of another case.",)),
    NoSuchPoint: (404, "There is no such contact detail", ("It may be of another case.",)),
    PointChanged: (409, "Somebody else changed this contact detail", None),
    PointWithheld: (403, "This contact detail is not shown", None),
    LocationProtected: (403, "The location of this victim is protected", None),
    DoesNotOpen: (503, "Contact details cannot be opened now", ("The key of the vault is not the one they need.",)),
    CaseChanged: (409, "Somebody else changed this case", None),
    FormAlreadySent: (409, "You already sent this", None),
    NothingToAnswer: (409, "This question waits no longer", None),
    AnsweredAlready: (409, "This message waits no longer", None),
    NoSuchIncident: (404, "There is no such incident", ("It may be of another team, or closed.",)),
    NoSuchDisposal: (409, "This cannot be undone now", None),
    NoSuchRun: (409, "This run waits for nobody now", None),
    NoSuchCover: (409, "This cover has ended", None),
    FormRefused: (400, "This form cannot be read", (GO_BACK,)),
    FormNotOurs: (403, "This page is out of date", (GO_BACK,)),
    NotAllowed: (403, "Your role does not include this page", ("If you think that it should, ask your supervisor.",)),
    CannotAudit: (503, "This page cannot be shown now", None),
    OwnPack: (403, "Somebody else must do this", None),
    SecondPersonNeeded: (403, "Somebody else must confirm this", None),
    ProviderFailed: (503, "You cannot sign in now", None),
    NotForTheBoard: (403, "Your role does not include this page", None),
    # Forms say these beside the field; here is what is left.
    EventRefused: (422, CANNOT, None),
    CorrectsNothing: (422, CANNOT, None),
    AttemptIsNoAnswer: (422, CANNOT, None),
    CannotTakeCases: (422, CANNOT, None),
    CannotBeCustodian: (422, CANNOT, None),
    PointRefused: (422, CANNOT, None),
    ListRefused: (422, CANNOT, None),
    NamesNothing: (404, "Page not found", ("Check the address, or start again from your own page.",)),
    NotOffered: (404, "There is no such choice", ("It may be over, or gone. Open the page again, and choose anew.",)),
    NoSuchNotice: (404, "There is nothing to settle here", None),
    NoSuchAlert: (404, "There is nothing to review here", None),
    ReviewedAlready: (409, "Somebody has reviewed this", None),
    AlreadyChecked: (409, "Somebody has looked at this case", None),
    NoSuchEmergency: (403, "This emergency access is not yours", None),
    DayOutsideCalendar: (422, CANNOT, None),
    NoConnectionFree: (503, "The service is busy", BUSY),
    RequestValidationError: (404, "Page not found", ("Check the address, or start again from your own page.",)),
}
_BY_STATUS = {
    404: ("Page not found", ("Check the address, or start again from your own page.",)),
    405: ("This cannot be done here", (GO_BACK,)),
    413: ("This is too much text at once", ("Nothing was changed. Go back and send less.",)),
}


def add_error_pages(app: FastAPI) -> None:
    """Make the app answer the exceptions of the table."""
    for exception in ERRORS:
        app.add_exception_handler(exception, known_error)
    app.add_exception_handler(DBAPIError, database_error)
    app.add_exception_handler(CannotAudit, cannot_audit)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(NotSignedIn, ask_to_sign_in)
    app.add_exception_handler(ProofNeeded, ask_for_proof)
    for exception in (Refused, KeyUsedOtherwise, WrittenMeanwhile):
        app.add_exception_handler(exception, refused_to_system)


def known_error(request: Request, exception: Exception) -> Response:
    """The page for an exception of the table."""
    if _is_of_the_query(exception) and not is_for_systems(request):
        exception = NotOffered()
    status, heading, sentences = next(ERRORS[kind] for kind in type(exception).__mro__ if kind in ERRORS)
    if status == 503:
        return _unavailable(request, exception, heading, sentences or (sentence(exception),))
    if is_for_systems(request):
        return refused_to_system(request, exception, status)
    if why := write_refusal(request, status, exception):
        status, (heading, sentences) = 403, _IN_EMERGENCY[why]
    return error_page(request, status, heading, sentences or (sentence(exception),))


def refused_to_system(request: Request, exception: Exception, status: int = 400) -> Response:
    """The problem that says why, once it is written down where it is about a case."""
    answer = as_problem(request, status, exception)
    if not isinstance(exception, WrittenMeanwhile):  # the same request is being answered at this moment
        write_refusal(request, answer.status_code, exception)
    return answer


def _is_of_the_query(exception: Exception) -> bool:
    """Whether an address is wrong in its query alone: the number of a page is none, or there is no such state."""
    wrong = exception.errors() if isinstance(exception, RequestValidationError) else ()
    return bool(wrong) and all(each["loc"][0] == "query" for each in wrong)


def database_error(request: Request, exception: Exception) -> Response:
    """The page for a database that is full, damaged, away or busy; any other error of it is a fault of ours."""
    fault = fault_of(exception) if isinstance(exception, DBAPIError) else None
    if fault is None:
        raise exception
    return _unavailable(request, exception, *FAULTS[fault])


def cannot_audit(request: Request, exception: Exception) -> Response:
    """The page in place of one whose reading could not be written down: why, where the database says so."""
    if isinstance(exception.__cause__, DBAPIError) and fault_of(exception.__cause__):
        return database_error(request, exception.__cause__)
    return known_error(request, exception)


def _unavailable(request: Request, exception: Exception, heading: str, sentences: tuple[str, ...]) -> Response:
    log_fault(exception, "unavailable")
    if is_for_systems(request):
        return as_problem(request, 503, exception)
    response = error_page(request, 503, heading, sentences)
    response.headers["Retry-After"] = "60"
    return response


def http_error(request: Request, exception: Exception) -> Response:
    """The page for what the framework refuses."""
    status = getattr(exception, "status_code", 400)
    write_refusal(request, status, exception)
    if is_for_systems(request):
        return as_problem(request, status, exception)
    heading, sentences = _BY_STATUS.get(status, ("This cannot be answered", (GO_BACK,)))
    response = error_page(request, status, heading, sentences)
    # Such as `Allow`, which says how an address can be asked that is not asked so.
    response.headers.update(getattr(exception, "headers", None) or {})
    return response


def unexpected(request: Request, reference: str) -> Response:
    """The page for a fault of ours."""
    if is_for_systems(request):
        return as_problem(request, 500)
    words = ("Nothing was changed. Try again, and if it happens again tell whoever runs the service this reference:",)
    return error_page(request, 500, "Something went wrong", words, reference=reference)


def not_same_origin(request: Request) -> Response:
    """The page for a form that another site sent."""
    return error_page(request, 403, "This page is out of date", (GO_BACK,))


async def ask_to_sign_in(request: Request, _exception: Exception) -> Response:
    """To the sign-in page and back: no page of ours is shown to somebody who is not signed in."""
    return await _first("/sign-in", request)


async def ask_for_proof(request: Request, _exception: Exception) -> Response:
    """To the page on which somebody proves again who they are, and back."""
    return await _first("/sign-in/again", request)


async def _first(page: str, request: Request) -> Response:
    """To a page, and from there on to where the person was going, or back to what they had typed."""
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = where if request.method == "GET" else await keep_typed(request)
    target = f"{page}?next={quote(back, safe='/')}" if back and back != "/" else page
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": target if request.method == "POST" else page})
    return Response(status_code=303, headers={"Location": target})


def error_page(
    request: Request, status: int, heading: str, sentences: tuple[str, ...], *, reference: str | None = None
) -> Response:
    """An error as a page; in place of the whole page where htmx asked for a part."""
    response = render(request, "errors/error.html", ErrorView(heading, sentences, reference), status=status)
    if "HX-Request" in request.headers:
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Reselect"] = "unset"
    return response


def sentence(exception: Exception) -> str:
    """An exception's own sentence, as one."""
    text = str(exception)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?")) else ".")
