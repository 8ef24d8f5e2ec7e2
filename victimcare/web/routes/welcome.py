"""Setting up how one signs in, with a one-time secret. The secret is typed: it is in no address, and so in no log."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.passwords import HASHER, SHORTEST, PasswordRefused, check_new_password
from victimcare.commands.second_factor import app_address
from victimcare.commands.take_up_invitation import (
    HowToSignIn,
    NoSuchInvitation,
    SetUpRefused,
    TriedTooOften,
    take_up_invitation,
    try_secret,
)
from victimcare.presentation.qr_code import QrCode, qr_code
from victimcare.web.deps import ONE_OF_TWO, Now, TheDatabase, TheSettings, TheVault, address_of
from victimcare.web.errors import sentence
from victimcare.web.forms import Form, Password, Sent, Submitted, blank
from victimcare.web.pages import render
from victimcare.web.policies import public

router = APIRouter(prefix="/welcome", dependencies=[public()])


class SecretForm(Form):
    """The secret that somebody was given."""

    secret: str = Field(
        title="One-time secret", description="Enter the one-time secret that you were given", max_length=100
    )


class SetUpForm(Form):
    """How they will sign in. Only the first administrator gives a name, only those who had none a user name."""

    given: str = Field(title="One-time secret", max_length=100)
    name: str = Field("", title="Your name", max_length=100)
    username: str = Field("", title="User name", max_length=100)
    password: Password = Field(title="Password", description="Enter a password", max_length=1000)
    code: str = Field(title="Code", description="Enter the code that the app shows", max_length=40)


@dataclass(frozen=True, slots=True)
class SetUpView:
    """What there is to set up. `key` is that of the authenticator app, for those who cannot read the QR code."""

    name: str | None
    username: str | None
    key: str
    qr: QrCode
    shortest: int = SHORTEST


@dataclass(frozen=True, slots=True)
class ReadyView:
    """The recovery codes, shown this once."""

    codes: tuple[str, ...]


@router.get("")
def ask_for_secret(request: Request) -> Response:
    """Ask for the secret."""
    return render(request, "welcome/secret.html", form=blank(SecretForm))


@router.post("")
def show_set_up(
    request: Request,
    form: Sent[SecretForm],
    now: Now,
    vault: TheVault,
    settings: TheSettings,
) -> Response:
    """Show what is to be set up with it. The secret is used up only when that is done."""
    if form.values is None:
        return _secret_again(request, form, None)
    try:
        view = _view(request, form.values.secret, now, vault, settings)
    except (NoSuchInvitation, TriedTooOften) as refused:
        return _secret_again(request, form, refused)
    return render(request, "welcome/set_up.html", view, form=blank(SetUpForm, given=form.values.secret))


@router.post("/account", dependencies=[ONE_OF_TWO])
def set_up(
    request: Request,
    form: Sent[SetUpForm],
    database: TheDatabase,
    now: Now,
    vault: TheVault,
    settings: TheSettings,
) -> Response:
    """Set it up, and show the recovery codes."""
    try:
        view = _view(request, form.text("given"), now, vault, settings)
        if form.values is None:
            return _set_up_again(request, view, form)
        chosen = _chosen(form.values, view, settings.force_name)
        with database.writing() as connection:
            codes = take_up_invitation(connection, secret=form.values.given, chosen=chosen, now=now, vault=vault)
    except (NoSuchInvitation, TriedTooOften) as refused:
        return _secret_again(request, blank(SecretForm), refused)
    except SetUpRefused as refused:
        return _set_up_again(request, view, form.with_error(refused.field, refused.message))
    return render(request, "welcome/ready.html", ReadyView(codes))


def _chosen(values: SetUpForm, view: SetUpView, force_name: str) -> HowToSignIn:
    """What they chose, with the password hashed: that is slow, and no transaction waits for it."""
    username, name = view.username or values.username, view.name or values.name
    try:
        check_new_password(values.password, about=[force_name, username, name])
    except PasswordRefused as refused:
        raise SetUpRefused("password", _words(refused)) from None
    return HowToSignIn(values.name, values.username, HASHER.hash(values.password), values.code)


def _view(request: Request, secret: str, now: Now, vault: TheVault, settings: TheSettings) -> SetUpView:
    """What the secret is for. Raises `NoSuchInvitation`, `TriedTooOften`."""
    with request.app.state.database.writing() as connection:
        tried = try_secret(connection, secret=secret, address=address_of(request), now=now)
    given = tried.given
    if given is None:
        raise TriedTooOften if tried.throttled else NoSuchInvitation
    key = given.otp_key(vault)
    address = app_address(
        key, account=given.username or given.name or "administrator", issuer=f"victimcare {settings.force_name}"
    )
    return SetUpView(given.name, given.username, key, qr_code(address))


def _words(refused: Exception) -> str:
    return sentence(refused).removesuffix(".")


def _secret_again(
    request: Request, form: Submitted[SecretForm], refused: NoSuchInvitation | TriedTooOften | None
) -> Response:
    if refused is not None:
        form = form.with_error("secret", _words(refused))
    status = 429 if isinstance(refused, TriedTooOften) else 422
    return render(request, "welcome/secret.html", form=form, status=status)


def _set_up_again(request: Request, view: SetUpView, form: Submitted[SetUpForm]) -> Response:
    return render(request, "welcome/set_up.html", view, form=form, status=422)
