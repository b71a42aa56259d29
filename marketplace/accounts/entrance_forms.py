"""allauth's forms at the door, with addresses in their one spelling.

Not among `forms`: allauth's sign-up form is made of one of those, so they cannot be made of allauth's.
"""

from allauth.account.forms import LoginForm, RequestLoginCodeForm

from marketplace.accounts.emails import normal_email


class OneSpellingLoginForm(LoginForm):
    def clean_login(self) -> str:
        return normal_email(super().clean_login())


class OneSpellingLoginCodeForm(RequestLoginCodeForm):
    def clean_email(self) -> str | None:
        self.cleaned_data["email"] = normal_email(self.cleaned_data["email"] or "")
        found: str | None = super().clean_email()
        return found
