"""The victim's characteristics: asked once, in their words, or not asked yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field, create_model

from victimcare.commands.record_equality import Answer, record_equality
from victimcare.domain.people import Action
from victimcare.editions.equality import Characteristic, characteristics
from victimcare.queries.case_page import CasePage
from victimcare.queries.equality import WITHHELD, equality_answers
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import TheVault
from victimcare.web.forms import FieldRefused, TheFormData, read
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()
_RECORDED, _PREFERS_NOT = "recorded", "prefers_not_to_say"


class _AboutVictim(CaseForm, MayTellLocation):
    """What the form has beside its characteristics."""


def _form() -> type[CaseForm]:
    """Three fields for each characteristic: whether it was asked, the category, and the victim's own words."""
    fields: dict[str, Any] = {}
    for one in characteristics():
        title = one.title.partition(":")[0]
        fields[f"answer_{one.id}"] = (Literal[_RECORDED, _PREFERS_NOT, ""], Field("", title=title))
        fields[f"category_{one.id}"] = (Literal[(*one.categories, "")], Field("", title=f"{title}, category"))
        fields[f"words_{one.id}"] = (str, Field("", title=f"{title}, in their words", max_length=300))
    return create_model("EqualityForm", __base__=_AboutVictim, **fields)


EqualityForm = _form()
_WORDS = tuple(f"words_{one.id}" for one in characteristics())


@dataclass(frozen=True, slots=True)
class EqualityView:
    """What is asked, and of how much of it the victim was asked."""

    case: CasePage
    asked: int
    characteristics: tuple[Characteristic, ...] = characteristics()
    changed: tuple[TimelineEntry, ...] = ()
    answers: tuple[tuple[str, str], ...] = (
        (_RECORDED, "Recorded"),
        (_PREFERS_NOT, "Prefers not to say"),
        ("", "Not asked yet"),
    )


@router.get("/cases/{ref}/equality", dependencies=[policy(Action.RECORD_EVENT)])
def equality_form(request: Request, ref: CaseRef, cases: TheCases, vault: TheVault) -> Response:
    """What was answered, and the form to ask the rest."""
    case, answers = _read(cases, ref, vault)
    filled: dict[str, str] = {}
    for name, answer in answers.items():
        filled |= {
            f"answer_{name}": answer.answer,
            f"category_{name}": answer.category or "",
            f"words_{name}": "" if answer.words == WITHHELD else answer.words,
        }
    form = opened(EqualityForm, case, **filled)
    return render(request, "victim/equality.html", EqualityView(case, len(answers)), form=form)


@router.post("/cases/{ref}/equality", dependencies=[policy(Action.RECORD_EVENT)])
def record(ref: CaseRef, data: TheFormData, writer: TheCaseWriter, cases: TheCases) -> Response:
    """Keep the answers."""

    def view(case: CasePage, changed: Sequence[TimelineEntry]) -> EqualityView:
        return EqualityView(case, len(_read(cases, ref, writer.vault)[1]), changed=tuple(changed))

    return writer.write(
        ref,
        read(EqualityForm, data),
        FormPage("victim/equality.html", view, words=_WORDS),
        asked=lambda values, case: [answer for one in characteristics() for answer in _answer(values, one)],
        record=lambda connection, answers, how: record_equality(
            connection, ref=how["ref"], answers=answers, by=how["by"], now=how["now"], vault=writer.vault
        ),
        done=f"/cases/{ref}/victim?done=equality",
    )


def _answer(values: CaseForm, one: Characteristic) -> Sequence[Answer]:
    """The answer to one question, if it was asked. Raises `FieldRefused`."""
    answer, category, words = (getattr(values, f"{part}_{one.id}") for part in ("answer", "category", "words"))
    if answer == _RECORDED and not (category or words):
        raise FieldRefused(f"category_{one.id}", "Choose a category or enter their own words")
    if answer != _RECORDED and (category or words):
        raise FieldRefused(f"answer_{one.id}", "Say “Recorded”, or empty the category and the words")
    return [Answer(one.id, answer, category or None, words)] if answer else []


def _read(cases: TheCases, ref: str, vault: TheVault) -> tuple[CasePage, Mapping[str, Answer]]:
    case = cases.read(ref)
    with cases.database.reading() as connection:
        answers = equality_answers(connection, person=cases.person, ref=ref, vault=vault)
    cases.consulted("equality answers", [case.case_id])
    return case, answers
