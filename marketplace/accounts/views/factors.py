"""allauth's pages on passwords and second factors: whatever changes there ends the other sessions.

Whoever else is signed in proved what the account asked before the change, and perhaps is the reason
for it. The session that made the change goes on: it gave the password a moment ago, and the new
factor on the page itself.
"""

from typing import Any, ClassVar

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import PasswordChangeView, PasswordSetView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from marketplace.accounts.entrance_forms import spend
from marketplace.accounts.recovery_codes import forget_codes
from marketplace.accounts.sessions import end_other_sessions
from marketplace.core import audit


class _EndsOtherSessions:
    """`change` is the code of what happened in the log; `added`, the kind of factor that was proved."""

    request: HttpRequest
    change: ClassVar[str]
    added: ClassVar[str] = ""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            if self.added:
                self._count_as_given()
            ended = end_other_sessions(self.request)
            subject = f"account:{audit.actor_code(self.request.user)}"
            audit.record(
                "account.way_in_changed",
                subject,
                by=self.request.user,
                change=self.change,
                ended=ended,
            )
        if ended:
            messages.info(
                self.request,
                _(
                    "Các phiên đăng nhập khác của bạn đã kết thúc. Trên máy khác, hãy đăng nhập lại."
                ),
            )
        return response

    def _count_as_given(self) -> None:
        user: Any = self.request.user
        newest = Authenticator.objects.filter(user_id=user.pk, type=self.added).latest("pk")
        record_authentication(self.request, user, "mfa", id=newest.pk, type=newest.type)


class SessionsView(ListUserSessionsView):
    """Sessions elsewhere are ended by who proved a moment ago that the account is theirs."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise_if_reauthentication_required(request, app="accounts")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class TurnCodesOnView(_EndsOtherSessions, ActivateTOTPView):
    change, added = "totp_added", Authenticator.Type.TOTP

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        spend(self.request.user, form.cleaned_data["code"])
        return response


class TurnCodesOffView(_EndsOtherSessions, DeactivateTOTPView):
    change = "totp_removed"


class AddKeyView(_EndsOtherSessions, AddWebAuthnView):
    change, added = "key_added", Authenticator.Type.WEBAUTHN


class RemoveKeyView(_EndsOtherSessions, RemoveWebAuthnView):
    change = "key_removed"


class NewRecoveryCodesView(_EndsOtherSessions, GenerateRecoveryCodesView):
    change = "recovery_codes_made"


class RecoveryCodesView(ViewRecoveryCodesView):
    """Shown once, where making them leads to; from then on the exchange knows them by their hashes alone."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        forget_codes(self.request.user)
        return context


class ChangePasswordView(_EndsOtherSessions, PasswordChangeView):
    change = "password_changed"


class SetPasswordView(_EndsOtherSessions, PasswordSetView):
    change = "password_set"
