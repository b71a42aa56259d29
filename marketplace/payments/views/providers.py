"""Where providers call, and the page of the card that is none."""

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.core.ticks import kick
from marketplace.payments import providers
from marketplace.payments.models import Payment, Provider
from marketplace.payments.providers import ForgedEvent, demo_card
from marketplace.payments.services.inbox import STAGE, store_event

logger = structlog.get_logger(__name__)

#: Where each provider puts its signature.
_SIGNATURES = {Provider.STRIPE: "Stripe-Signature", Provider.DEMO_CARD: "Demo-Signature"}
_MOST_BYTES = 512 * 1024


@login_not_required
@csrf_exempt  # the provider's signature is the permission
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Verifies the signature and stores the event; everything else is the tick's."""
    try:
        port = providers.remote(provider)
    except LookupError as error:
        raise Http404 from error
    body = request.body
    if len(body) > _MOST_BYTES:
        return HttpResponse(status=413)
    try:
        event = port.event_of(body, request.headers.get(_SIGNATURES[Provider(provider)], ""))
    except ForgedEvent:
        logger.warning("forged call", provider=provider)
        return HttpResponse(status=400)
    # The tick runs every second: to kick it for each call would cost more than the call.
    store_event(provider, event)
    return HttpResponse(status=204)


#: A busy minute of a provider is more than a person's: `accounts.limits` lets its calls through, and
#: `core.middleware` past what is done for people.
webhook.is_called_by_machine = True


@require_http_methods(["GET", "POST"])
@idempotent
def demo_page(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The demo's card: two buttons, and a sentence that this is no card."""
    rows = Payment.objects.payable_by(request.user).filter(provider=Provider.DEMO_CARD)
    found = get_object_or_404(rows.with_sides(), public_id=public_id)
    if not providers.is_on(Provider.DEMO_CARD):
        raise Http404
    if request.method == "POST":
        act = demo_card.pay if request.POST.get("viec") == "tra" else demo_card.decline
        if act(found.provider_reference):
            body, signature = demo_card.call_about(found.provider_reference)
            port = providers.remote(Provider.DEMO_CARD)
            store_event(Provider.DEMO_CARD, port.event_of(body, signature))
            kick(STAGE)
        return redirect(found.get_absolute_url())
    return render(request, "payments/demo_card.html", {"payment": found})
