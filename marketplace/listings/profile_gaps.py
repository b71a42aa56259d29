"""What readers of an organisation's page miss of its listings."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.accounts.profile_gaps import ProfileGap
from marketplace.listings.models import LISTING_MODELS


def nothing_shown(organization: Organization) -> Iterator[ProfileGap]:
    shown = (
        model.objects.public().filter(organization=organization, hide_owner=False).exists()
        for model in LISTING_MODELS.values()
    )
    if not any(shown):
        yield ProfileGap(
            _("Đang cần gì, chào gì: chưa có tin nào dưới tên tổ chức."), reverse("dashboard:home")
        )
