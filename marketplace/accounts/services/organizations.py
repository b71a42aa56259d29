from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.dependents import raise_dependents
from marketplace.accounts.lookalikes import ensure_plain_letters
from marketplace.accounts.models import (
    FormerName,
    Membership,
    Organization,
    OrganizationCertificate,
    OrganizationStatus,
    User,
    VerificationState,
)
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.names import clean_name, guess_kind, organization_key
from marketplace.accounts.states import ORGANIZATION_TRANSITIONS, VERIFICATION_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.bulk import BulkInsert
from marketplace.core.errors import DomainError
from marketplace.core.text import fold, new_public_id
from marketplace.core.transitions import transition

#: What its people may change of an organisation; name, kind and status have their own rules.
EDITABLE_FIELDS = (
    "name", "name_en", "short_name", "kind", "tax_code", "province_code", "address", "website",
    "description", "field_codes", "industry_codes", "size_code",
)  # fmt: skip
_VERIFIED = frozenset(VERIFIED_FACTS)
_CHUNK = 500
_GIVEN = ("name", "name_key", "name_folded", "kind", "public_id", "created_at")


class OrganizationExists(DomainError):
    """The name is that of an organisation the exchange knows; `organization` says which."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(_("Tổ chức này đã có trên sàn."))
        self.organization = organization


def find_organization_ids(names: Iterable[str]) -> dict[str, int]:
    """Name → primary key of the organisation of that name; names that nobody has are left out."""
    keys = {name: organization_key(name) for name in names}
    found = _existing_ids({key for key in keys.values() if key})
    return {name: found[key] for name, key in keys.items() if key in found}


def find_organization(name: str) -> Organization | None:
    """The organisation of that name, in any of its spellings and former names."""
    key = organization_key(name)
    pk = _existing_ids([key]).get(key) if key else None
    return Organization.objects.get(pk=pk) if pk else None


@transaction.atomic
def find_or_create_organization(name: str, *, kind: str = "") -> Organization:
    """The organisation a record names; made unclaimed where the exchange does not know it yet."""
    found = find_or_create_organizations([name], kind=kind)
    if not found:
        raise DomainError(_("Tên tổ chức còn trống."))
    return found[name]


@transaction.atomic
def find_or_create_organizations(
    names: Iterable[str], *, kind: str = ""
) -> dict[str, Organization]:
    """The same for many names: name → organisation. Names that name nobody ("n/a") are left out."""
    found = find_or_create_organization_ids(names, kind=kind)
    rows = Organization.objects.in_bulk(list(set(found.values())))
    return {name: rows[pk] for name, pk in found.items()}


@transaction.atomic
def find_or_create_organization_ids(names: Iterable[str], *, kind: str = "") -> dict[str, int]:
    """The same, where the primary keys are enough."""
    keys = {name: organization_key(name) for name in names}
    spelled: dict[str, str] = {}
    for name, key in keys.items():
        if key:
            spelled.setdefault(key, clean_name(name))
    found = _existing_ids(spelled)
    # In one order everywhere, so that two imports wait for each other in a line, not in a ring.
    missing = {key: spelled[key] for key in sorted(spelled) if key not in found}
    if missing:
        _insert(missing, kind)
        found |= _existing_ids(missing)
    return {name: found[key] for name, key in keys.items() if key}


def _insert(missing: Mapping[str, str], kind: str) -> None:
    """Key → name."""
    now = clock.now()
    rows = [
        (name, key, fold(name), kind or guess_kind(name), new_public_id(), now)
        for key, name in missing.items()
    ]
    try:
        with transaction.atomic():
            BulkInsert(Organization, _GIVEN).insert(rows)
    except IntegrityError:
        # Another import makes the same rows meanwhile: its rows are then read back as ours.
        Organization.objects.bulk_create(
            (Organization(**dict(zip(_GIVEN, row, strict=True))) for row in rows),
            ignore_conflicts=True,
            batch_size=_CHUNK,
        )


def _existing_ids(keys: Iterable[str]) -> dict[str, int]:
    wanted = list(keys)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = Organization.objects.filter(name_key__in=chunk)
        # A profile that was merged leads to the one that stands for it.
        found |= dict(rows.values_list("name_key", Coalesce("merged_into", "pk")))
        if rest := [key for key in chunk if key not in found]:
            former = FormerName.objects.filter(name_key__in=rest)
            found |= dict(former.values_list("name_key", "organization"))
    return found


@transaction.atomic
def create_organization(user: User, *, name: str, kind: str, **facts: Any) -> Organization:
    """Registers the user's organisation, with the user as its owner.

    Raises OrganizationExists for a name that is known: an unclaimed one is asked for
    (`request_claim`), never taken by typing its name.
    """
    name = clean_name(name)
    if not organization_key(name):
        raise DomainError(_("Tên tổ chức còn trống."))
    ensure_plain_letters(name)
    if known := find_organization(name):
        raise OrganizationExists(known)
    organization = Organization(
        name=name, kind=kind, status=OrganizationStatus.CLAIMED, **_editable(facts)
    )
    _save(organization)
    Membership.objects.create(user=user, organization=organization, role=Membership.Role.OWNER)
    audit.record("organization.created", f"organization:{organization.public_id}", by=user)
    return organization


class FactsAreVerified(DomainError):
    """What staff have compared with papers changes by a new submission, not by writing over it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tên, mã số thuế và địa chỉ đã được xác minh. Muốn đổi, hãy gửi hồ sơ xác minh với thông tin mới."
            )
        )


@transaction.atomic
def update_organization(organization: Organization, *, by: User, **facts: Any) -> Organization:
    """Changes the profile; records that use an old name still find the organisation.

    Raises:
        OrganizationExists: the name is that of another organisation.
        FactsAreVerified: a fact that the mark rests on would change.
    """
    facts = _editable(facts)
    if organization.has_verified_facts:
        current = clean_facts(facts)
        if any(current[name] != getattr(organization, name) for name in current.keys() & _VERIFIED):
            raise FactsAreVerified
    return set_facts(organization, by=by, **facts)


@transaction.atomic
def set_certificates(
    organization: Organization, certificates: list[dict[str, Any]], *, by: User
) -> bool:
    """The certificates it says it holds are these from now on; False where nothing changed."""
    fields = ("title", "number", "issued_by", "valid_until")
    before = list(organization.certificates.values(*fields))
    wanted = [
        {
            name: row.get(name) or None if name == "valid_until" else row.get(name, "")
            for name in fields
        }
        for row in certificates
    ]
    if before == wanted:
        return False
    organization.certificates.all().delete()
    OrganizationCertificate.objects.bulk_create(
        OrganizationCertificate(organization=organization, **row) for row in wanted
    )
    subject = f"organization:{organization.public_id}"
    audit.record("organization.certificates", subject, by=by, count=len(wanted))
    return True


def clean_facts(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {"name": clean_name(facts["name"])} if "name" in facts else facts


@transaction.atomic
def set_facts(organization: Organization, *, by: User, **facts: Any) -> Organization:
    """Writes facts whoever may change them; callers have asked that."""
    former_name, former_key = organization.name, organization.name_key
    facts = clean_facts(facts)
    if "name" in facts:
        if facts["name"] != former_name:
            ensure_plain_letters(facts["name"])
        known = find_organization(facts["name"])
        if not organization_key(facts["name"]):
            raise DomainError(_("Tên tổ chức còn trống."))
        if known is not None and known.pk != organization.pk:
            raise OrganizationExists(known)
    changed = sorted(name for name, value in facts.items() if getattr(organization, name) != value)
    if not changed:
        return organization
    for name in changed:
        setattr(organization, name, facts[name])
    _save(organization, update_fields=changed)
    if organization.name_key != former_key:
        FormerName.objects.filter(name_key=organization.name_key).delete()
        FormerName.objects.get_or_create(
            name_key=former_key, defaults={"name": former_name, "organization": organization}
        )
    raise_dependents(organization)
    subject = f"organization:{organization.public_id}"
    audit.record("organization.changed", subject, by=by, fields=changed)
    return organization


@transaction.atomic
def verify_organization(organization: Organization, *, by: User, level: str = "") -> None:
    """Staff have checked what the level rests on; the mark is shown from now on."""
    if not organization.is_verified:
        _set_status(organization, OrganizationStatus.VERIFIED, by=by)
    Organization.objects.filter(pk=organization.pk).update_content(
        verified_at=clock.now(), verified_level=level
    )
    _fresh(organization)


@transaction.atomic
def revoke_verification(organization: Organization, *, by: User, reason: str) -> None:
    """Takes the mark away. The submission it rested on stands for nothing any more."""
    _set_status(organization, OrganizationStatus.CLAIMED, by=by, reason=reason)
    for accepted in organization.verifications.accepted():
        transition(accepted, VerificationState.REPLACED, table=VERIFICATION_TRANSITIONS, by=by)
        organization.verifications.filter(pk=accepted.pk).update(changed_at=clock.now())
    Organization.objects.filter(pk=organization.pk).update_content(
        verified_at=None, verified_level=""
    )
    _fresh(organization)


@transaction.atomic
def recheck_organization(organization: Organization, *, by: Any, reason: str) -> None:
    """What the mark rests on is in doubt: it is shown as being checked again, with the facts of before."""
    if organization.is_verified:
        _set_status(organization, OrganizationStatus.RECHECKED, by=by, reason=reason)
        _fresh(organization)


@transaction.atomic
def end_recheck(organization: Organization, *, by: Any) -> None:
    """Nothing is in doubt any more, and nothing changed: the mark stands as before."""
    if organization.is_being_rechecked:
        _set_status(organization, OrganizationStatus.VERIFIED, by=by)
        _fresh(organization)


def _fresh(organization: Organization) -> None:
    organization.refresh_from_db(
        fields=["status", "verified_at", "verified_level", "content_version"]
    )
    raise_dependents(organization)


def _set_status(organization: Organization, to: str, *, by: Any, reason: str = "") -> None:
    transition(
        organization, to, table=ORGANIZATION_TRANSITIONS, by=by, field="status", reason=reason
    )


def _editable(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - set(EDITABLE_FIELDS)
    if unknown:
        raise TypeError(f"not a field of the profile: {', '.join(sorted(unknown))}")
    return facts


def _save(organization: Organization, **kwargs: Any) -> None:
    try:
        with transaction.atomic():
            organization.save(**kwargs)
    except IntegrityError as error:
        # The name was checked just before; what is left is the tax code, or somebody was faster.
        if organization.tax_code and (
            Organization.objects.exclude(pk=organization.pk)
            .filter(tax_code=organization.tax_code)
            .exists()
        ):
            raise DomainError(_("Mã số thuế này đã thuộc một tổ chức khác trên sàn.")) from error
        known = find_organization(organization.name)
        if known is None or known.pk == organization.pk:
            raise
        raise OrganizationExists(known) from error
