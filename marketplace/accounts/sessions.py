"""Sessions of one person: ending them from elsewhere."""

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.accounts.models import User


def end_other_sessions(request: HttpRequest) -> int:
    """Ends every session of the person but this one; says how many there were."""
    return _end(
        UserSession.objects.exclude(session_key=request.session.session_key), request.user.pk
    )


def end_every_session(user: User) -> int:
    return _end(UserSession.objects.all(), user.pk)


def _end(sessions: QuerySet[UserSession], pk: int | None) -> int:
    ended = 0
    for session in sessions.filter(user_id=pk).order_by("pk"):
        # One whose cookie was renewed or ran out is only a line of the list.
        ended += session.exists()
        session.end()
    return ended
