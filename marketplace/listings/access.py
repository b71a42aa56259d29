"""What a view is given of a listing for somebody, or that it is not there for them."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.listings.models import LISTING_MODELS, Listing, Need


def editable_or_404(user: User, kind: str, public_id: str) -> Listing:
    """A listing that the person edits; else as `not_there`."""
    rows = LISTING_MODELS[kind].objects.select_related("organization").with_status()
    found: Listing | None = rows.editable_by(user).filter(public_id=public_id).first()
    if found is None:
        not_there(user, kind, public_id)
    return found


def owned_or_404(user: User, kind: str, public_id: str) -> Listing:
    """A listing of an organisation of theirs, in any role; else as `not_there`."""
    rows = LISTING_MODELS[kind].objects.select_related("organization").with_status()
    found: Listing | None = rows.owned_by(user).filter(public_id=public_id).first()
    if found is None:
        not_there(user, kind, public_id)
    return found


def managed_or_404(user: User, kind: str, public_id: str) -> Listing:
    """A listing of an organisation that the person manages."""
    rows = LISTING_MODELS[kind].objects.select_related("organization")
    managed = Organization.objects.managed_by(user)
    found: Listing = get_object_or_404(rows, public_id=public_id, organization__in=managed)
    return found


def not_there(user: User, kind: str, public_id: str) -> NoReturn:
    """Says no to somebody who asked for a listing that is not theirs.

    Raises:
        Http404: it is nothing to them.
        PermissionDenied: a broker of theirs wrote it, and the firm's consent is over: they are told,
            or what they were writing would seem lost.
    """
    if kind == Need.KIND:
        written = Need.objects.found_by_brokers_of(user).filter(public_id=public_id)
        if need := written.select_related("organization").first():
            raise PermissionDenied(
                _(
                    "%(firm)s không còn ủy quyền cho tổ chức của bạn. Những gì đã lưu do doanh nghiệp giữ; nội"
                    " dung vừa gõ chưa được lưu. Muốn làm tiếp, hãy xin ủy quyền lại ở bàn môi giới."
                )
                % {"firm": need.organization.name}
            )
    raise Http404
