"""What a connected site was given for one yes of a person ends as a whole.

When its code or a refresh token comes a second time, somebody else has it too, and nobody knows who of the two is
the site: what came of it ends for both (OWASP ASVS 5.0, 10.4.2 and 10.4.5). And however often a site renews
it, it ends `OIDC_GRANT_ENDS_AFTER` seconds after the yes (10.4.8). allauth does the rest.
"""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from allauth.account.internal.decorators import login_not_required
from allauth.idp.oidc import views as provider_views
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.core import audit, clock

logger = structlog.get_logger(__name__)

#: A refresh token that was used: a row of its own kind, so that it opens nothing and is known when it comes back.
USED = "ur"
#: Two at once meet here; later ones find what the first left in the database.
_MEETING_SECONDS = 900
_BROUGHT = {
    Client.GrantType.AUTHORIZATION_CODE.value: "code",
    Client.GrantType.REFRESH_TOKEN.value: "refresh_token",
}


_TOKENS = ("access_token", "refresh_token")


class _Grant(NamedTuple):
    """`name` is the hash of the code that it began with; it stands in `Token.data`."""

    name: str
    began: datetime


@csrf_exempt
@login_not_required
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    brought = request.POST.get(_BROUGHT.get(request.POST.get("grant_type", ""), ""), "")
    if not brought:
        answer: HttpResponse = provider_views.token(request)
        return answer
    mark = get_adapter().hash_token(brought)
    with transaction.atomic():
        old = Token.objects.filter(type=Token.Type.REFRESH_TOKEN, hash=mark).first()
        answer = provider_views.token(request)
        if answer.status_code == 200:
            answer = _bind(answer, _grant_of(old, mark), old)
    if answer.status_code == 200 and not cache.add(f"oidc-brought:{mark}", 1, _MEETING_SECONDS):
        answer = JsonResponse({"error": "invalid_grant"}, status=400)
    if _refused(answer):
        _end_if_used(mark)
    return answer


def _grant_of(old: Token | None, mark: str) -> _Grant:
    if old is None:
        return _Grant(mark, clock.now())
    told = old.data or {}
    if "grant" not in told:  # given before grants had names
        return _Grant(old.hash, old.created_at)
    return _Grant(told["grant"], datetime.fromisoformat(told["began"]))


def _bind(answer: HttpResponse, grant: _Grant, old: Token | None) -> HttpResponse:
    given: dict[str, Any] = json.loads(answer.content)
    end = grant.began + timedelta(seconds=settings.OIDC_GRANT_ENDS_AFTER)
    hashed = [get_adapter().hash_token(given[k]) for k in _TOKENS if given.get(k)]
    new = Token.objects.filter(hash__in=hashed)
    for one in new:
        one.data = (one.data or {}) | {"grant": grant.name, "began": grant.began.isoformat()}
        one.expires_at = min(one.expires_at or end, end)
        one.save(update_fields=["data", "expires_at"])
    if old is not None and old.hash not in hashed:
        Token.objects.create(
            type=USED, hash=old.hash, client_id=old.client_id, user_id=old.user_id,
            expires_at=end, data={"grant": grant.name},
        )  # fmt: skip
    left = max(0, int((end - clock.now()).total_seconds()))
    for name in ("expires_in", "refresh_expires_in"):
        if name in given:
            given[name] = min(given[name], left)
    bound = JsonResponse(given)
    for name in ("Cache-Control", "Pragma"):
        if name in answer.headers:
            bound[name] = answer.headers[name]
    return bound


def _refused(answer: HttpResponse) -> bool:
    """The site proved who it is, and what it brought is not good any more."""
    return answer.status_code == 400 and json.loads(answer.content)["error"] == "invalid_grant"


@transaction.atomic
def _end_if_used(mark: str) -> None:
    used = Token.objects.filter(type=USED, hash=mark).first()
    name = used.data["grant"] if used else mark
    found = Token.objects.filter(data__grant=name)
    one = found.select_related("client", "user").first()
    if one is None:
        return
    ended = found.delete()[0]
    logger.warning("grant came a second time", site=one.client_id, ended=ended)
    subject = f"account:{audit.actor_code(one.user)}"
    audit.record(
        "account.site_came_twice", subject, by="accounts.oidc", site=one.client_id, ended=ended
    )
