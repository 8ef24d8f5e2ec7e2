"""The one flow of pages on which a change of the law is proposed and decided: propose, then one press decides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from fastapi import Request, Response

from victimcare.commands.use_form import use_form
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.web.deps import TheDatabase
from victimcare.web.errors import sentence
from victimcare.web.forms import Button, Form, Submitted
from victimcare.web.pages import redirect

F = TypeVar("F", bound=Form)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LawDesk(ABC, Generic[F]):
    """What every address of such a page works with; `refusals` are what a decision can be refused by."""

    address: ClassVar[str]
    refusals: ClassVar[tuple[type[Exception], ...]]

    request: Request
    person: Person
    database: TheDatabase
    law: Law
    now: datetime

    @abstractmethod
    def shown(self, form: Submitted[F] | None = None, *, status: int = 200, said: str = "") -> Response:
        """The page, with this form or an empty one."""

    def write(self, form_key: str, act: Callable[[Any], T]) -> T:
        """Do it in one transaction, once for each form."""
        with self.database.writing() as connection:
            use_form(connection, form_key=form_key, by=self.person, now=self.now)
            return act(connection)

    def decide(self, form: Submitted[Button], act: Callable[[Any], object]) -> Response:
        """Do what the button says, or show the page with why it could not be done."""
        try:
            self.write(form.form_key, act)
        except self.refusals as refused:
            return self.shown(status=409, said=sentence(refused))
        return redirect(self.address)
