"""The step from a registered result to an offer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Membership
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.listings import services, wizard
from marketplace.research.models import Result


@require_POST
@idempotent
def make_offer(request: SignedInRequest, result_id: str) -> HttpResponse:
    """Makes the draft, or leads to the one there is: one an organisation and result."""
    mine = Membership.objects.filter(user=request.user, role__in=Membership.EDITING_ROLES)
    results = Result.objects.visible_to(request.user).filter(
        organization__in=mine.values("organization")
    )
    found = get_object_or_404(results.select_related("organization", "task"), public_id=result_id)
    offer, is_new = services.offer_from_result(
        found,
        organization=found.organization,
        by=request.user,
        exchange=front_of(request).exchange,
    )
    if not is_new:
        messages.info(request, _("Tổ chức của bạn đã có tin chào bán từ kết quả này."))
        return redirect(offer.owner_url)
    messages.success(
        request, _("Đã tạo bản nháp từ kết quả. Đọc lại từng bước và bổ sung phần còn trống.")
    )
    return redirect("listings:edit", offer.KIND, offer.public_id, wizard.STEPS[offer.KIND][0].slug)
