"""Documents of listings: private in storage, handed out by authority only."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from marketplace.listings import perms, services
from marketplace.listings.models import LISTING_MODELS, Attachment, Listing


@login_not_required
@require_safe
def attachment(request: HttpRequest, kind: str, public_id: str, key: str) -> HttpResponseBase:
    """A public document of a public listing for anybody; every one for the owner's people and staff."""
    listing = get_object_or_404(
        LISTING_MODELS[kind].objects.visible_to(request.user), public_id=public_id
    )
    found = _find(listing, key, everything=perms.sees_everything(request.user, listing))
    if found is None:
        raise Http404
    try:
        opened = found.file.storage.open(str(found.file.name))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=found.display_name, content_type=found.content_type
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _find(listing: Listing, key: str, *, everything: bool) -> Attachment | None:
    held = [row for row in listing.attachments.all() if everything or row.is_public]
    if everything:
        held += services.draft_of(listing).attachments.all()
    return next((row for row in held if row.key == key), None)
