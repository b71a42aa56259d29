"""OpenID Connect both ways: what other sites tell about a person here, and what is told to them."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
import structlog
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.emailkit import valid_email_or_none
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.idp.oidc import views as provider_views
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.oauthlib.utils import respond_html_error
from allauth.idp.oidc.models import Client
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as login_views
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from marketplace.accounts.emails import normal_email
from marketplace.accounts.lookalikes import disguised_letter
from marketplace.accounts.models import Membership, User

logger = structlog.get_logger(__name__)

ORGANIZATIONS = "organizations"
#: Of what a provider tells, this is kept with the account: the rest is none of our business.
_KEPT_CLAIMS = ("sub", "name", "email", "email_verified", "acr")

#: In the session: what the ID tokens of logins under way have to bring back (ASVS 10.5.1); each once.
_NONCES = "oidc_nonces"
#: Tabs in which a login is under way.
_LOGINS_AT_ONCE = 5


class LoginAdapter(DefaultSocialAccountAdapter):
    """People who come from another site."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Any:
        user = sociallogin.user
        assert isinstance(user, User)
        email = valid_email_or_none(data.get("email"))
        user.email = normal_email(email) if email else ""
        name = " ".join(str(data.get("name") or "").split())[:120]
        user.full_name = "" if disguised_letter(name) else name
        user.language = (get_language() or "vi")[:2]
        told = sociallogin.account.extra_data
        sociallogin.account.extra_data = {
            part: {claim: claims[claim] for claim in _KEPT_CLAIMS if claim in claims}
            for part, claims in told.items()
            if isinstance(claims, dict)
        }
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """A provider whose `acr` is set opens nothing with a weaker proof of the person than that."""
        wanted = sociallogin.provider.app.settings.get("acr")
        proved = sociallogin.account.extra_data.get("id_token", {}).get("acr")
        if wanted and proved not in wanted:
            logger.warning("provider proved too little", provider=sociallogin.account.provider)
            messages.error(
                request,
                _(
                    "Nơi xác thực chưa xác minh bạn ở mức mà sàn yêu cầu. Hãy nâng mức tài khoản ở đó, hoặc vào bằng email."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        user = sociallogin.user
        assert isinstance(user, User)
        return {"email": user.email, "full_name": user.full_name}


class CheckedProvider(login_views.OpenIDConnectOAuth2Adapter):
    """A provider whose word is signed, and who is the one that was configured.

    The standard lets a client take an ID token unread that came straight over TLS; here its signature is
    checked all the same (ASVS 6.8.2), and a provider that sends none signs nobody in.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        settings_of = self.get_provider().app.settings
        expected = settings_of.get("issuer") or settings_of["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != expected.rstrip("/"):
            raise OAuth2Error("the issuer is another one than configured")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        outstanding = self.request.session.get(_NONCES, [])
        if claims.get("nonce") not in outstanding:
            raise OAuth2Error("the ID token answers no login of this browser")
        self.request.session[_NONCES] = [one for one in outstanding if one != claims["nonce"]]
        return claims


class ProviderAdapter(DefaultOIDCAdapter):
    """Connected sites at which people sign in with their account here."""

    scope_display = DefaultOIDCAdapter.scope_display | {
        ORGANIZATIONS: gettext_lazy("Xem tổ chức mà bạn làm việc thay mặt và vai trò của bạn ở đó"),
    }

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Any,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        claims = super().get_claims(purpose, user, client, scopes, email, **kwargs)
        # A Vietnamese name is not taken apart.
        claims.pop("given_name", None)
        if "profile" in scopes:
            claims["locale"] = user.language
        if ORGANIZATIONS in scopes:
            memberships = Membership.objects.filter(user=user).select_related("organization")
            claims[ORGANIZATIONS] = [
                {
                    "id": membership.organization.public_id,
                    "name": membership.organization.name,
                    "role": membership.role,
                    "verified": membership.organization.is_verified,
                }
                for membership in memberships.order_by("joined_at", "pk")
            ]
        return claims

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        data["scopes_supported"] = [*data["scopes_supported"], ORGANIZATIONS]


@login_not_required
def begin_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the other site; where it does not answer, back to our own door with a word."""
    return _or_back_to_the_door(request, provider_id, _ask)


@login_not_required
def end_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _or_back_to_the_door(request, provider_id, _answer)


def _ask(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What is asked for is ours to say, whatever stands in the address that led here."""
    asked = request.GET.copy()
    for name in ("auth_params", "scope"):
        asked.pop(name, None)
    params = {}
    wanted = {app["provider_id"]: app["settings"].get("acr") for app in _apps()}.get(provider_id)
    if wanted:
        params["acr_values"] = " ".join(wanted)
    if request.method == "POST":
        params["nonce"] = secrets.token_urlsafe(24)
        outstanding = request.session.get(_NONCES, [])
        request.session[_NONCES] = [*outstanding, params["nonce"]][-_LOGINS_AT_ONCE:]
    asked["auth_params"] = urlencode(params)
    request.GET = asked  # type: ignore[assignment] # a copy that may be changed
    response: HttpResponse = login_views.login(request, provider_id)
    return response


def _answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        view = login_views.OAuth2CallbackView.adapter_view(CheckedProvider(request, provider_id))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response


def _or_back_to_the_door(
    request: HttpRequest, provider_id: str, view: Callable[..., HttpResponse]
) -> HttpResponse:
    try:
        return view(request, provider_id=provider_id)
    except (requests.RequestException, OAuth2Error) as error:
        logger.warning("provider does not answer", provider=provider_id, error=type(error).__name__)
    names = {app["provider_id"]: app["name"] for app in _apps()}
    messages.error(
        request,
        _("%(name)s đang không trả lời. Hãy thử lại sau, hoặc vào bằng email.")
        % {"name": names.get(provider_id, provider_id)},
    )
    return redirect("account_login")


def _apps() -> list[dict[str, Any]]:
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    return list(providers["openid_connect"]["APPS"])


@csrf_exempt
@login_not_required
def authorize(request: HttpRequest) -> HttpResponse:
    """allauth's page of consent; its form may lead on to the site that asks, whose address it checked.

    Every site proves that the code is its own (PKCE): allauth asks it of sites without a secret alone.
    """
    asks = (
        request.method == "GET" and request.user.is_authenticated
    )  # others are led to the login first
    if asks and request.GET.get("code_challenge_method") != "S256":
        refused: HttpResponse = respond_html_error(
            request, error=InvalidRequestError(description="code_challenge_method: S256")
        )
        refused.status_code = 400
        return refused
    response: HttpResponse = provider_views.authorization(request)
    back = urlsplit(request.GET.get("redirect_uri", ""))
    # Its pages of error are no TemplateResponse: what they were asked with was not checked.
    if isinstance(response, TemplateResponse) and back.scheme in {"http", "https"}:
        response._csp_update = {"form-action": [f"{back.scheme}://{back.netloc}"]}  # type: ignore[attr-defined]
    return response
