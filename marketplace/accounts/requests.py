from django.http import HttpRequest

from marketplace.accounts.models import User


class SignedInRequest(HttpRequest):
    """What views get that need a login (every one that does not say it is public); for types only."""

    user: User
