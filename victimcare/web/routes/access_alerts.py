"""Reviewing signs that somebody looked where they had no reason to: a privacy reviewer says whether they had one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from victimcare.commands.review_alert import NoSuchAlert, review_alert
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.domain.snooping import Sign
from victimcare.queries.access_alerts import AlertInFull, AlertView, access_alerts, one_alert
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.forms import Sent, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.reviews import ReviewForm, ReviewQueue

router = APIRouter(prefix="/access-alerts", dependencies=[policy(Action.REVIEW_ALERTS)])

AlertId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_SAYS = {
    Sign.PROTECTED: "Tried {count} {times} to see a protected location",
    Sign.SAME_NAME: "Looked at the case of a victim who has their surname",
    Sign.NOT_THEIRS: "Looked at {count} cases that were not theirs",
    Sign.REFUSED: "Asked {count} {times} for what was refused",
    Sign.SEARCHED: "Searched {count} times and opened nothing",
    Sign.OPENED_CONTACTS: "Opened contact details in {count} cases within an hour, and recorded nothing in them",
    Sign.MANY: "Looked at {count} cases, far more than others",
    Sign.AT_NIGHT: "Looked at {count} cases at night, and recorded hardly anything",
}


class _InWords:
    def says(self, alert: AlertView) -> str:
        """What somebody did."""
        return _SAYS[alert.sign].format(count=alert.count, times="time" if alert.count == 1 else "times")


@dataclass(frozen=True)
class AlertsView(_InWords):
    """Those to review, and those that were."""

    queue: ReviewQueue[AlertView]


@dataclass(frozen=True)
class OneAlertView(_InWords):
    """One of them in full."""

    alert: AlertInFull


@dataclass(frozen=True, slots=True)
class AlertReader:
    """Reads one, and writes down that it was read."""

    person: CurrentPerson
    database: TheDatabase
    today: Today
    law: TheLaw
    vault: TheVault
    consulted: Consulted

    def read(self, alert_id: str) -> OneAlertView:
        """The one of this id. Raises `NoSuchAlert`."""
        with self.database.reading() as connection:
            found = one_alert(
                connection,
                person=self.person,
                alert_id=alert_id,
                today=self.today,
                calendar=self.law.calendar,
                vault=self.vault,
            )
        if found is None:
            raise NoSuchAlert
        self.consulted("access alert", found.case_ids)
        return OneAlertView(found)


TheAlerts = Annotated[AlertReader, Depends(AlertReader)]


@router.get("")
def alerts_page(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What waits for a review, and what was reviewed."""
    with database.reading() as connection:
        found = access_alerts(connection, person=person, today=today, calendar=law.calendar)
    consulted("access alerts", sorted({one.case_id for one in found if one.case_id is not None}))
    return render(request, "access_alerts/index.html", AlertsView(ReviewQueue.of(found)))


@router.get("/{alert_id}")
def alert_form(request: Request, alert_id: AlertId, alerts: TheAlerts) -> Response:
    """Who, what, all that they did on that day, and the form."""
    return render(request, "access_alerts/review.html", alerts.read(alert_id), form=blank(ReviewForm))


@router.post("/{alert_id}")
def review(request: Request, alert_id: AlertId, form: Sent[ReviewForm], alerts: TheAlerts, now: Now) -> Response:
    """Keep what was found. Raises `NoSuchAlert`, `ReviewedAlready`."""
    values = form.values
    if values is None:
        return render(request, "access_alerts/review.html", alerts.read(alert_id), form=form, status=422)
    with alerts.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=alerts.person, now=now)
        review_alert(
            connection,
            alert_id=alert_id,
            outcome=values.outcome,
            words=values.words,
            by=alerts.person,
            now=now,
            vault=alerts.vault,
        )
    return redirect("/access-alerts")
