"""Accept and pay: a standard licence is taken, and the first payment of its contract is asked for, in one go."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core.errors import DomainError
from marketplace.deals.models import StandardLicence
from marketplace.deals.services.licences import take_licence
from marketplace.payments.models import PayeeAccount, Payment
from marketplace.payments.providers import for_account, is_on
from marketplace.payments.services.payments import request_milestone_payment


def accounts_for(licence: StandardLicence) -> list[PayeeAccount]:
    """The seller's verified accounts into which it may be paid here, the first that was verified before."""
    rows = PayeeAccount.objects.of(licence.organization).verified()
    found = rows.filter(currency=licence.content["currency"]).order_by("verified_at", "pk")
    return [one for one in found if is_on(for_account(one))]


@transaction.atomic
def buy_licence(
    licence: StandardLicence, *, buyer: Organization, account: PayeeAccount, sha256: str, by: User
) -> Payment:
    """The contract is in force and its first milestone waits for money in the seller's own account.

    Asked again, after a break or by a second click, it finds what was written then.

    Raises DomainError as `take_licence` and `request_milestone_payment` do.
    """
    taken = take_licence(licence, buyer=buyer, sha256=sha256, by=by)
    first = taken.deal.milestones.select_related("deal__buyer").order_by("number").get(number=1)
    known = first.payments.order_by("-pk").first()
    if known is not None:
        return known
    if taken.licence.offered_by is None:
        raise DomainError(_("Giấy phép này không còn mở theo điều khoản sẵn."))
    return request_milestone_payment(first, account=account, by=taken.licence.offered_by)
