"""Somebody lost phone, passkey and recovery codes: staff who made sure who they are let them begin anew."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts import notices
from marketplace.accounts.models import User
from marketplace.accounts.sessions import end_every_session
from marketplace.core import audit
from marketplace.core.errors import DomainError


@transaction.atomic
def reset_second_factor(user: User, *, by: User | str, reason: str) -> int:
    """Takes away every second factor and ends every session; says how many factors there were.

    The person signs in by password or a code sent to their address, and sets a new one up. They are
    told, so that a reset nobody asked for does not stay unseen.
    """
    if not reason.strip():
        raise DomainError(_("Hãy ghi vì sao và đã xác minh người này bằng cách nào."))
    taken, _rows = Authenticator.objects.filter(user_id=user.pk).delete()
    end_every_session(user)
    audit.record(
        "account.second_factor_reset",
        f"account:{audit.actor_code(user)}",
        by=by,
        factors=taken,
        reason=reason.strip()[:300],
    )
    notices.tell_of_reset(user)
    return taken
