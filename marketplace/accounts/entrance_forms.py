"""allauth's forms at the door, with addresses in their one spelling and names for what has none.

Not among `forms`: allauth's sign-up form is made of one of those, so they cannot be made of allauth's.
"""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from allauth.mfa import app_settings as factor_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
from django.core.cache import cache
from django.utils.translation import gettext as _

from marketplace.accounts.emails import normal_email


class OneSpellingLoginForm(LoginForm):
    def clean_login(self) -> str:
        return normal_email(super().clean_login())


class OneSpellingLoginCodeForm(RequestLoginCodeForm):
    def clean_email(self) -> str | None:
        self.cleaned_data["email"] = normal_email(self.cleaned_data["email"] or "")
        found: str | None = super().clean_email()
        return found


class _NamedKey:
    """Its field for the name of a key has no label that could be translated."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên của khóa")


class NamedAddKeyForm(_NamedKey, AddWebAuthnForm):
    pass


class NamedEditKeyForm(_NamedKey, EditWebAuthnForm):
    pass


class NamedSignupKeyForm(_NamedKey, SignupWebAuthnForm):
    pass


def spend(user: Any, code: str) -> None:
    """A code of a generator that was taken is not taken again while it fits.

    allauth forgets it after one step; with the steps beside it, which telephones' clocks ask for, it fits
    for three.
    """
    steps = 2 * factor_settings.TOTP_TOLERANCE + 1
    cache.set(_spent(user, code), 1, steps * factor_settings.TOTP_PERIOD)


def _spent(user: Any, code: str) -> str:
    return f"accounts.totp-spent:{user.pk}:{''.join(code.split())}"


class _EachCodeOnce:
    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        if cache.get(_spent(self.user, self.cleaned_data["code"])):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc] # allauth's form stands behind
        if self.authenticator.type == Authenticator.Type.TOTP:
            spend(self.user, code)
        return code


class OnceAuthenticateForm(_EachCodeOnce, AuthenticateForm):
    pass


class OnceReauthenticateForm(_EachCodeOnce, ReauthenticateForm):
    pass
