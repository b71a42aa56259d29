"""Sessions: ending them from elsewhere."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.accounts.models import User
from marketplace.core import audit


def end_other_sessions(request: HttpRequest) -> int:
    """Ends every session of the person but this one; says how many there were."""
    return _end(
        UserSession.objects.exclude(session_key=request.session.session_key), request.user.pk
    )


def end_every_session(user: User) -> int:
    return _end(UserSession.objects.all(), user.pk)


@transaction.atomic
def end_sessions(user: User | None, *, by: User | str, reason: str) -> int:
    """Ends the sessions of one person, or of everybody (None), and says how many there were; for those who
    run the exchange, where somebody else may be signed in."""
    if user is not None:
        ended = end_every_session(user)
    else:
        ended, _rows = Session.objects.all().delete()
        UserSession.objects.all().delete()
    subject = f"account:{audit.actor_code(user)}" if user is not None else "accounts:all"
    audit.record("sessions.ended", subject, by=by, count=ended, reason=reason.strip()[:300])
    return ended


def _end(sessions: QuerySet[UserSession], pk: int | None) -> int:
    ended = 0
    for session in sessions.filter(user_id=pk).order_by("pk"):
        # One whose cookie was renewed or ran out is only a line of the list.
        ended += session.exists()
        session.end()
    return ended
