"""Speaking OpenID Connect with the force's identity provider: authorization code, PKCE, state and nonce.

No token is kept: what the ID token says is read once, and thrown away. What must be remembered while somebody is away
at the provider travels with them, sealed and bound to their browser (`Errand`), so nothing waits on the server.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from hmac import compare_digest
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from victimcare.domain.claims import ClaimsMapping, proved_at
from victimcare.editions.claims_mapping import load_claims_mapping
from victimcare.settings import Settings
from victimcare.store.vault import DoesNotOpen, Vault

BACK = "/sign-in/provider/back"
_AWAY = timedelta(minutes=10)
"""For so long somebody may be away at the provider."""
_FRESH = 300
"""Seconds since a password was typed there, where it is asked for anew."""
_CLOCKS_DIFFER = 60
_TIMEOUT = 10
_ALGORITHMS = ["RS256", "PS256", "ES256"]


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody is away at the provider for. `anew`: to prove again who they are."""

    next: str
    nonce: str
    verifier: str
    until: float
    anew: bool = False


class IdentityProvider:
    """The provider of the settings. It is asked where its pages are at the first sign-in, and its keys each time."""

    def __init__(self, settings: Settings) -> None:
        if not settings.oidc_issuer or not settings.public_address or not settings.oidc_claims:
            raise ProviderNotSet
        self.mapping: ClaimsMapping = load_claims_mapping(settings.oidc_claims)
        self._issuer = settings.oidc_issuer
        self._id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._scope = settings.oidc_scope
        self._home = settings.public_address.rstrip("/")
        self._said: Mapping[str, Any] | None = None

    def errand(self, next: str, *, now: datetime, anew: bool = False) -> Errand:
        """A new errand."""
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        return Errand(next, nonce, verifier, (now + _AWAY).timestamp(), anew)

    def address(self, errand: Errand, *, browser_token: str, vault: Vault) -> str:
        """Where to send the browser. Raises `ProviderFailed`."""
        sealed = vault.seal(json.dumps(asdict(errand)), row_id=_bound_to(browser_token))
        asked = {"prompt": "login", "max_age": "0"} if errand.anew else {}
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._metadata("authorization_endpoint"),
                state=urlsafe_b64encode(sealed).decode(),
                nonce=errand.nonce,
                code_verifier=errand.verifier,
                **asked,
            )
        return str(address)

    def back_from(self, state: str, *, browser_token: str, vault: Vault, now: datetime) -> Errand:
        """The errand that somebody comes back from: this browser's own, and not too long ago. Raises `NotOurErrand`."""
        try:
            sealed = urlsafe_b64decode(state.encode())
            errand = Errand(**json.loads(vault.open(sealed, row_id=_bound_to(browser_token))))
        except (DoesNotOpen, ValueError, TypeError):
            raise NotOurErrand from None
        if now.timestamp() >= errand.until:
            raise NotOurErrand
        return errand

    def claims(self, errand: Errand, *, code: str, issuer: str | None, now: datetime) -> Mapping[str, Any]:
        """What the provider says of whoever brings this code. Raises `ProviderFailed`, `TokenRefused`."""
        if issuer is not None and issuer != self._issuer:
            raise TokenRefused("issuer")
        try:
            with self._client() as client:
                token = client.fetch_token(self._metadata("token_endpoint"), code=code, code_verifier=errand.verifier)
        except (OAuthError, HTTPError) as refused:
            raise ProviderFailed from refused
        return self._verified(str(token.get("id_token", "")), errand, now)

    @property
    def sign_out_address(self) -> str | None:
        """The provider's page for signing out there too, where it has one. Raises `ProviderFailed`."""
        self._metadata("issuer")
        page = (self._said or {}).get("end_session_endpoint")
        if not isinstance(page, str):
            return None
        asked = {"client_id": self._id, "post_logout_redirect_uri": f"{self._home}/sign-in"}
        return f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"

    def _verified(self, id_token: str, errand: Errand, now: datetime) -> Mapping[str, Any]:
        keys = KeySet.import_key_set(_answer(self._metadata("jwks_uri")))  # type: ignore[arg-type]
        at = int(now.timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=at,
            leeway=_CLOCKS_DIFFER,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError) as refused:
            raise TokenRefused(type(refused).__name__) from None
        if not compare_digest(str(claims.get("nonce", "")), errand.nonce):
            raise TokenRefused("nonce")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._id:
            raise TokenRefused("authorized party")
        proved = proved_at(claims)
        if errand.anew and (proved is None or abs(at - proved.timestamp()) > _FRESH + _CLOCKS_DIFFER):
            raise TokenRefused("time of authentication")
        return dict(claims)

    def _metadata(self, name: str) -> str:
        if self._said is None:
            said = _answer(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self._issuer:
                raise ProviderFailed
            self._said = said
        found = self._said.get(name)
        if not isinstance(found, str):
            raise ProviderFailed
        return found

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._id,
            client_secret=self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope=self._scope,
            redirect_uri=f"{self._home}{BACK}",
            code_challenge_method="S256",
            timeout=_TIMEOUT,
            verify=_trusted(),
        )


def provider_of(settings: Settings) -> IdentityProvider | None:
    """The provider, where one is set. Raises `ProviderNotSet`, `BadMapping`."""
    return IdentityProvider(settings) if settings.oidc_issuer else None


def _answer(address: str) -> dict[str, Any]:
    try:
        answer = httpx2.get(address, timeout=_TIMEOUT, verify=_trusted())
        answer.raise_for_status()
        said = answer.json()
    except (HTTPError, ValueError) as failed:
        raise ProviderFailed from failed
    if not isinstance(said, dict):
        raise ProviderFailed
    return said


@cache
def _trusted() -> SSLContext:
    """The authorities that certificates are checked against: read once, for to read them takes longer than to ask."""
    return httpx2.create_ssl_context()


def _bound_to(browser_token: str) -> str:
    return f"errand of the browser {browser_token}"


class ProviderNotSet(ValueError):
    """Something of the settings is missing."""

    def __init__(self) -> None:
        super().__init__(
            "with VICTIMCARE_OIDC_ISSUER, VICTIMCARE_PUBLIC_ADDRESS and VICTIMCARE_OIDC_CLAIMS must be set too"
        )


class ProviderFailed(RuntimeError):
    """The identity provider could not be asked, or did not give what it must."""

    def __init__(self) -> None:
        super().__init__("the identity provider of your force does not answer as it should: try again in a minute")


class NotOurErrand(ValueError):
    """Somebody comes back with what this browser was not sent away with, or too late."""

    def __init__(self) -> None:
        super().__init__("you did not come from here, or were away too long: start again from the sign-in page")


class TokenRefused(ValueError):
    """What the provider says of somebody cannot be trusted; `what` is what is wrong with it, in words of ours."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__("what the identity provider says of you cannot be trusted: start again from the sign-in page")
