"""The provider's process: `python serve.py PORT REDIRECT DIRECTORY`; its people and this node as its client are made at the start."""

from __future__ import annotations

import json
import sys
import time
import uuid
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

PORT, REDIRECT, PLACE = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
PEOPLE = {"shi.guilan": ["laowu-officers"], "long.ahui": ["laowu-cadres-huayuan"], "stranger": ["canteen"]}


def make_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


settings.configure(
    SECRET_KEY="only for a test",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="__main__",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(PLACE / "provider.sqlite")}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LOGIN_URL="/login",
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": make_key(),
        "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{PORT}/o",
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "who", "profile": "groups"},
        "OAUTH2_VALIDATOR_CLASS": "__main__.Validator",
        "ACCESS_TOKEN_GENERATOR": "__main__.make_access_token",
    },
)
django.setup()

from django.contrib.auth import authenticate, get_user_model, login  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect  # noqa: E402
from django.urls import include, path  # noqa: E402
from jwcrypto import jwt  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402
from oauth2_provider.utils import jwk_from_pem  # noqa: E402


class Validator(OAuth2Validator):
    """Says of its people which groups they are in."""

    oidc_claim_scope = None

    def get_additional_claims(self, request):  # type: ignore[no-untyped-def]
        return {"sub": request.user.username, "groups": PEOPLE[request.user.username]}


def make_access_token(request, refresh_token=False):  # type: ignore[no-untyped-def]
    """A token of RFC 9068 by the key that the provider publishes, for the audience `xieli-api`."""
    key, now = jwk_from_pem(settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"]), int(time.time())
    claims = {
        "iss": settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"],
        "aud": "xieli-api",
        "sub": request.user.username,
        "client_id": request.client.client_id,
        "iat": now,
        "exp": now + 600,
        "jti": str(uuid.uuid4()),
        "groups": PEOPLE[request.user.username],
    }
    token = jwt.JWT(
        header=json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": key.thumbprint()}), claims=json.dumps(claims)
    )
    token.make_signed_token(key)
    return token.serialize()


def sign_in(request):  # type: ignore[no-untyped-def]
    if request.method != "POST":
        return HttpResponse("sign in")
    person = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if person is None:
        return HttpResponse("no", status=401)
    login(request, person)
    return HttpResponseRedirect(request.GET["next"])


urlpatterns = [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")), path("login", sign_in)]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        get_user_model().objects.create_user(name, password=f"{name} at the provider")
    Application = get_application_model()
    Application.objects.create(
        name="Xieli",
        client_id="xieli",
        client_type=Application.CLIENT_PUBLIC,
        redirect_uris=REDIRECT,
        skip_authorization=True,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        algorithm=Application.RS256_ALGORITHM,
    )
    make_server("127.0.0.1", PORT, get_wsgi_application(), handler_class=Quiet).serve_forever()
