"""Connected sites that somebody let read their data here: which, what, until when; and an end to it."""

from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.contrib import messages
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.accounts.oidc import ProviderAdapter
from marketplace.accounts.requests import SignedInRequest
from marketplace.core import audit
from marketplace.core.idempotency import idempotent

_READING = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)


@require_http_methods(["GET", "POST"])
@idempotent
def connected_sites(request: SignedInRequest) -> HttpResponse:
    tokens = Token.objects.valid().filter(user=request.user, type__in=_READING)
    if request.method == "POST":
        site = Client.objects.filter(token__in=tokens, pk=request.POST.get("trang", "")[:100])
        for one in site.distinct():
            _end(request, tokens.filter(client=one), one)
        return redirect("accounts:connected_sites")
    return render(request, "accounts/people/connected.html", {"sites": _sites(tokens)})


def _sites(tokens: QuerySet[Token]) -> list[dict[str, Any]]:
    said = ProviderAdapter.scope_display
    found = Client.objects.filter(token__in=tokens).annotate(until=Max("token__expires_at"))
    scopes: dict[str, set[str]] = {}
    for client, given in tokens.values_list("client", "scopes"):
        scopes.setdefault(client, set()).update(given.split())
    return [
        {
            "site": site,
            "reads": [words for scope, words in said.items() if scope in scopes[site.pk]],
        }
        for site in found.order_by("name", "pk")
    ]


@transaction.atomic
def _end(request: SignedInRequest, tokens: QuerySet[Token], site: Client) -> None:
    ended = tokens.delete()[0]
    subject = f"account:{audit.actor_code(request.user)}"
    audit.record("account.site_ended", subject, by=request.user, site=site.pk, ended=ended)
    messages.success(
        request, _("%(name)s không đọc được dữ liệu của bạn nữa.") % {"name": site.name}
    )
