"""Cases of what staff post for firms: until the firm has confirmed, or the post is given up."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.listings.models import StaffPost
from marketplace.listings.staff_links import draft_of_post
from marketplace.taxonomy.labels import label


def _rows() -> QuerySet[StaffPost]:
    return StaffPost.objects.select_related("organization", "by")


def _running() -> QuerySet[StaffPost]:
    running: QuerySet[StaffPost] = StaffPost.objects.running().select_related("organization", "by")
    return running


def _facts(post: StaffPost) -> Facts:
    listing = post.listing
    return Facts(
        title=draft_of_post(post) or post.key,
        organization_id=post.organization_id,
        province_code=post.organization.province_code,
        field_codes=list(listing.field_codes) if listing is not None else [],
    )


def _events(post: StaffPost) -> Sequence[Event]:
    told = [
        Event(
            at=post.created_at,
            title=_("Ghi sự đồng ý của doanh nghiệp"),
            text=f"{label('consent-ways', post.way)}, {post.agreed_on:%d/%m/%Y}",
            who=str(post.by),
        )
    ]
    if post.asked_at is not None:
        told.append(Event(at=post.asked_at, title=_("Gửi thư xác nhận cho doanh nghiệp")))
    if post.answered_at is not None:
        told.append(
            Event(at=post.answered_at, title=str(post.get_state_display()), text=post.answer)
        )
    return told


def _people(post: StaffPost) -> QuerySet[User]:
    return User.objects.filter(memberships__organization=post.organization_id, is_active=True)


def register_staff_posts() -> None:
    register_case_kind(
        CaseKind(
            code="staff_post",
            label=gettext_lazy("Tin đăng hộ"),
            rows=_rows,
            running=_running,
            facts_of=_facts,
            events_of=_events,
            people_of=_people,
        )
    )
