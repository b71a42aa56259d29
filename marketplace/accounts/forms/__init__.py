"""Forms of people and organisations."""

from marketplace.accounts.forms.members import (
    InviteMemberForm,
    JoinForm,
    LeaveForm,
    TransferForm,
)
from marketplace.accounts.forms.organizations import (
    FindOrganizationForm,
    NewOrganizationForm,
    OrganizationForm,
)
from marketplace.accounts.forms.people import PhoneField, ProfileForm, SignupForm
from marketplace.accounts.forms.verification import ClaimForm, EvidenceForm, VerificationForm

__all__ = [
    "ClaimForm",
    "EvidenceForm",
    "FindOrganizationForm",
    "InviteMemberForm",
    "JoinForm",
    "LeaveForm",
    "NewOrganizationForm",
    "OrganizationForm",
    "PhoneField",
    "ProfileForm",
    "SignupForm",
    "TransferForm",
    "VerificationForm",
]
