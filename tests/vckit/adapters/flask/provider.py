"""An OpenID provider on the loopback that a test may bend: what it says is in `Provider`."""

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.vckit.adapters.loopback import reply

SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
KEY = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    """Claims of the ID token, and everything that can be wrong about it."""

    origin: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: Any = field(default_factory=lambda: {"sub": "bewoner-01"})
    discovery: dict[str, Any] = field(default_factory=dict)
    junk: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "1"})
    signing_key: RSAKey = field(default_factory=lambda: KEY)
    without_id_token: bool = False
    asked: dict[str, list[str]] = field(default_factory=dict)
    token_requests: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, handler) -> None:
        """What a request gets, by path."""
        answers = {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": lambda _: {"keys": [KEY.as_dict(private=False)]},
            "/token": self._token,
            "/userinfo": lambda _: self.userinfo,
        }
        known = self.junk.get(handler.path)
        document = answers[handler.path](handler.body) if known is None else known
        reply(body=json.dumps(document).encode())(handler)

    def authorize(self, location: str) -> str:
        """Play the browser at the provider: remember what was asked, give state and code."""
        self.asked = parse_qs(urlsplit(location).query)
        return f"state={self.asked['state'][0]}&code={secrets.token_hex(8)}"

    def _configuration(self, _: bytes) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": self.origin + "/authorize",
            "token_endpoint": self.origin + "/token",
            "userinfo_endpoint": self.origin + "/userinfo",
            "jwks_uri": self.origin + "/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.discovery

    def _token(self, body: bytes) -> dict[str, Any]:
        self.token_requests.append(parse_qs(body.decode()))
        if self.without_id_token:
            return {"access_token": "a", "token_type": "Bearer"}
        now = int(time.time())
        claims = {
            "iss": self.origin,
            "aud": "proef",
            "sub": "bewoner-01",
            "iat": now,
            "exp": now + 60,
            "nonce": self.asked["nonce"][0],
            "acr": SUBSTANTIAL,
            **self.claims,
        }
        token = jwt.encode(self.header, claims, self.signing_key, algorithms=["RS256"])
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}
