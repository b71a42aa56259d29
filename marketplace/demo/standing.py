"""Who is proved, who advises, who acts for whom: the demo's verified organisations, experts and brokers.

All of it goes the way that people go, through the services. Every step looks for what is there already:
killed in between, it goes on; run again, it does nothing.
"""

from datetime import date, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from marketplace.accounts import verification_rules
from marketplace.accounts.models import Membership, Organization, Role, User, Verification
from marketplace.accounts.services.evidence import add_evidence
from marketplace.accounts.services.verification import (
    accept_verification,
    begin_verification,
    save_facts,
    submit_verification,
)
from marketplace.core import clock
from marketplace.core.uploads import check_document
from marketplace.demo.papers import pdf_bytes
from marketplace.demo.records import records
from marketplace.experts.models import Expert, ExpertState
from marketplace.experts.services import approve_profile, save_profile, submit_profile
from marketplace.listings.models import Need
from marketplace.listings.services import create_draft
from marketplace.mandates.models import Mandate, MandateState, Scope
from marketplace.mandates.services import ask_for_mandate, confirm_mandate, withdraw_mandate

_CONSENT: Final = timedelta(days=180)


def seed_verifications(organizations: dict[str, Organization], *, by: User) -> int:
    """Those that the records call verified are: by a paper, a checklist and the level it amounts to."""
    paper = pdf_bytes("Giay dang ky (ban thu)\nSo mau, khong co gia tri")
    for record in records("organizations"):
        organization = organizations[record["key"]]
        if "level" not in record or organization.verifications.accepted().exists():
            continue
        with transaction.atomic():
            _verify(organization, record, paper, by=by)
    return Verification.objects.accepted().count()


def _verify(organization: Organization, record: dict[str, Any], paper: bytes, *, by: User) -> None:
    owner = User.objects.filter(memberships__organization=organization).order_by("pk").first() or by
    stated = record["registration"]
    verification = begin_verification(organization, by=owner)
    is_enterprise = organization.kind in ("enterprise", "st_enterprise")
    verification = save_facts(
        verification,
        by=owner,
        registration_number=stated["number"],
        registered_on=date.fromisoformat(stated["on"]),
        registered_by=stated["by"],
        representative=stated["representative"],
        representative_title=stated["title"],
        economic_type="private" if is_enterprise else "state",
        intermediary_kind=record.get("intermediary_kind", ""),
    )
    rules = verification_rules.edition(verification.edition)
    if not verification.evidence.exists():
        file = SimpleUploadedFile("giay-to.pdf", paper, "application/pdf")
        kind = rules.asked_of(verification.facts).papers[0]
        add_evidence(verification, kind=kind, checked=check_document(file), by=owner)
    level = rules.level(record["level"])
    assert level is not None
    submit_verification(verification, by=owner)
    accept_verification(verification, by=by, checks=level.checks)


def seed_experts(organizations: dict[str, Organization], *, by: User) -> int:
    """Experts by their own consent; the last one waits at the desk, so that it is not empty."""
    rows = list(records("experts"))
    for number, record in enumerate(rows, 1):
        user = User.objects.get(email=record["email"])
        organization = organizations[record["org"]] if record["org"] else None
        if organization is not None:
            Membership.objects.get_or_create(
                user=user, organization=organization, defaults={"role": Role.CONTRIBUTOR}
            )
        expert = Expert.objects.filter(user=user).first()
        if expert is None or expert.state == ExpertState.DRAFT:
            save_profile(user, values=_written(record, organization))
            expert = submit_profile(user)
        if expert.state == ExpertState.SUBMITTED and number < len(rows):
            approve_profile(Expert.objects.select_related("user").get(pk=expert.pk), by=by)
    return Expert.objects.public().count()


def _written(record: dict[str, Any], organization: Organization | None) -> dict[str, Any]:
    same = ("headline", "advises_on", "experience", "languages", "shown")
    return {name: record[name] for name in same} | {
        "field_codes": record["fields"],
        "province_code": record["province"],
        "language": record.get("language", "vi"),
        "organization": organization,
        "person": None,
    }


def seed_mandates(organizations: dict[str, Organization]) -> int:
    """A consent in force, one that was taken back, and one that waits for an answer."""
    if Mandate.objects.exists():
        return Mandate.objects.in_force().count()
    with transaction.atomic():
        for record in records("mandates"):
            broker, firm = organizations[record["broker"]], organizations[record["firm"]]
            agent, owner = _owner(broker), _owner(firm)
            mandate = ask_for_mandate(
                broker, firm=firm, scopes=list(Scope), note=record["note"], by=agent
            )
            if record["state"] == MandateState.ASKED:
                continue
            confirm_mandate(
                mandate, scopes=list(Scope), last_day=clock.today() + _CONSENT, by=owner
            )
            if record["state"] == MandateState.WITHDRAWN:
                withdraw_mandate(mandate, by=owner)
            if text := record.get("draft"):
                _begin(text, firm, broker, owner=owner, by=agent)
    return Mandate.objects.in_force().count()


def _owner(organization: Organization) -> User:
    owners = User.objects.filter(
        memberships__organization=organization, memberships__role=Role.OWNER, is_active=True
    )
    return owners.order_by("pk")[0]


def _begin(text: str, firm: Organization, broker: Organization, *, owner: User, by: User) -> None:
    if not Need.objects.filter(organization=firm, draft_title=text).exists():
        create_draft("need", organization=firm, contact=owner, text=text, by=by, broker=broker)
