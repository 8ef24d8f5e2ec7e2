"""An identity provider for tests, on a port of its own: it speaks the protocol over HTTP, and can be told to lie."""

from __future__ import annotations

import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.notices.servers import free_port

CLIENT, SECRET = "victimcare", "a secret of these tests"


@cache
def key_of(number: int) -> RSAKey:
    """One of several signing keys; made once, for it takes long."""
    return RSAKey.generate_key(2048, parameters={"kid": "the key"}, private=True, auto_kid=False)


@dataclass
class Provider:
    """Vouches for `claims` to whoever asks. `lies` replace what the ID token says (None: takes it away)."""

    address: str
    now: Callable[[], datetime]
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    key: int = 1
    algorithm: str = "RS256"
    issued: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def discovery(self) -> JSONResponse:
        pages = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "leave",
        }
        return JSONResponse({"issuer": self.address} | {name: f"{self.address}/{page}" for name, page in pages.items()})

    def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.issued[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def token(self, request: Request) -> JSONResponse:
        form = await request.form()
        asked = self.issued.pop(str(form["code"]), None)
        who = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        challenge = urlsafe_b64encode(sha256(str(form["code_verifier"]).encode()).digest()).decode().rstrip("=")
        known = {f"{CLIENT}:{secret}" for secret in (SECRET, quote_plus(SECRET))}
        if asked is None or challenge != asked["code_challenge"] or who not in known:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60}
        return JSONResponse({**answer, "id_token": self.id_token(asked)})

    def id_token(self, asked: dict[str, str]) -> str:
        at = int(self.now().timestamp())
        said = {"iss": self.address, "aud": asked["client_id"], "sub": "one", "iat": at, "exp": at + 60}
        said = {**said, "nonce": asked["nonce"], "auth_time": at, **self.claims, **self.lies}
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": self.algorithm, "kid": "the key"}, said, key_of(self.key))

    def keys(self) -> JSONResponse:
        return JSONResponse({"keys": [key_of(1).as_dict(private=False)]})


@contextmanager
def provider_running(now: Callable[[], datetime]) -> Iterator[Provider]:
    """The provider, answering until the end of the block."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}", now)
    app = FastAPI()
    app.get("/.well-known/openid-configuration")(provider.discovery)
    app.get("/authorize")(provider.authorize)
    app.post("/token")(provider.token)
    app.get("/keys")(provider.keys)
    app.get("/leave")(lambda: JSONResponse({}))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join()
