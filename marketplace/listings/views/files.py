"""Files of listings: private in storage, handed out by authority only."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from marketplace.accounts.fronts import front_of
from marketplace.core.files import PICTURES
from marketplace.listings import perms, services
from marketplace.listings.models import LISTING_MODELS, Attachment, Listing, Picture
from marketplace.listings.showing_files import picture_width, smaller

#: A picture may stay this long in a browser after its listing is gone; its name never names another.
PICTURE_SECONDS = 300


@login_not_required
@require_safe
def attachment(request: HttpRequest, kind: str, public_id: str, key: str) -> HttpResponseBase:
    """A public document of a public listing for anybody; every one for the owner's people and staff."""
    listing, everything = _listing(request, kind, public_id)
    for version in _versions(listing, everything=everything):
        found: Attachment | None = _named(version.attachments.all(), key)
        if found is not None and (everything or found.is_public):
            opened = _opened(found.file.storage, str(found.file.name))
            response = FileResponse(
                opened,
                as_attachment=True,
                filename=found.display_name,
                content_type=found.content_type,
            )
            return _sealed(response)
    raise Http404


@login_not_required
@require_safe
def picture(request: HttpRequest, kind: str, public_id: str, key: str) -> HttpResponseBase:
    """A picture of a public listing for anybody; those of drafts for the owner's people and staff."""
    listing, everything = _listing(request, kind, public_id)
    for version in _versions(listing, everything=everything):
        found: Picture | None = _named(version.pictures.all(), key)
        if found is not None:
            name = str(found.image.name)
            response = _picture(found.image.storage, name, request.GET.get("rong"))
            if listing.is_public and version is listing:
                response["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}"
                response["Content-Security-Policy"] = "sandbox; default-src 'none'"
                return response
            return _sealed(response)
    raise Http404


def _picture(storage: Storage, name: str, asked: str | None) -> Any:
    """The picture, or a smaller copy of one of the widths that pages ask for."""
    if width := picture_width(asked):
        try:
            return HttpResponse(smaller(storage, name, width), content_type="image/webp")
        except FileNotFoundError as error:
            raise Http404 from error
    return FileResponse(_opened(storage, name), content_type=PICTURES[PurePosixPath(name).suffix])


def _listing(request: HttpRequest, kind: str, public_id: str) -> tuple[Listing, bool]:
    listings = LISTING_MODELS[kind].objects.visible_to(request.user)
    listing = get_object_or_404(listings, public_id=public_id)
    everything = perms.sees_everything(request.user, listing)
    if not everything and not front_of(request).shows(listing.exchange_id):
        raise Http404
    return listing, everything


def _versions(listing: Listing, *, everything: bool) -> Iterator[Listing]:
    """What is live, and for who sees everything the newest draft too."""
    yield listing
    if everything:
        yield services.draft_of(listing)


def _named(rows: Iterable[Any], key: str) -> Any:
    return next((row for row in rows if row.key == key), None)


def _opened(storage: Storage, name: str) -> File:
    try:
        return storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error


def _sealed(response: Any) -> Any:
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
