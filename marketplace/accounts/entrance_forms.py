"""allauth's forms at the door, with addresses in their one spelling and names for what has none.

Not among `forms`: allauth's sign-up form is made of one of those, so they cannot be made of allauth's.
"""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
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
