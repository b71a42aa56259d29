"""Forms of people and organisations."""

from marketplace.accounts.forms.organizations import FindOrganizationForm, OrganizationForm
from marketplace.accounts.forms.people import PhoneField, ProfileForm, SignupForm

__all__ = ["FindOrganizationForm", "OrganizationForm", "PhoneField", "ProfileForm", "SignupForm"]
