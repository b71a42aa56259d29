"""What readers of an organisation's page miss of its people."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.accounts.profile_gaps import ProfileGap
from marketplace.privacy.published import published_people


def nobody_named(organization: Organization) -> Iterator[ProfileGap]:
    if not published_people(organization):
        yield ProfileGap(
            _("Hỏi ai: chưa người nào của tổ chức đồng ý hiện tên."),
            f"{reverse('privacy:mine')}#dong-y",
        )
