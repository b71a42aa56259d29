from django.http import HttpRequest

from marketplace.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view gets that is not public: LoginRequiredMiddleware has seen to the user."""

    user: User
