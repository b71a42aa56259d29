"""When a post that staff wrote for a firm may go on to be reviewed."""

from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, User
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.listings.models import STAFF_POST_TRANSITIONS, Listing, StaffPost, StaffPostState


def confirmed_by_own_people(listing: Listing, *, by: User) -> None:
    """The firm's own people who submit it have said yes by that; anybody else has to wait for the firm.

    Raises:
        DomainError: staff wrote it, and the firm has not confirmed it.
    """
    post = StaffPost.objects.of(listing).unconfirmed().first()
    if post is None:
        return
    editing = Membership.objects.filter(role__in=Membership.EDITING_ROLES)
    if not editing.filter(user=by, organization=listing.organization_id).exists():
        raise DomainError(_("Doanh nghiệp chưa xác nhận tin này nên chưa gửi duyệt được."))
    transition(post, StaffPostState.CONFIRMED, table=STAFF_POST_TRANSITIONS, by=by)
    StaffPost.objects.filter(pk=post.pk).update(serial="")
