"""Fills an empty exchange with the demo's organisations, people, results and listings.

Every step looks for what is there already: killed in between, it goes on; run again, it does nothing.
"""

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction

from cms.groups import GROUPS
from marketplace.accounts.models import (
    Exchange,
    Membership,
    Organization,
    OrganizationStatus,
    User,
)
from marketplace.accounts.services import find_or_create_organization
from marketplace.core import clock
from marketplace.demo import listings as builders
from marketplace.demo.compliance import seed_compliance
from marketplace.demo.dealings import seed_deals
from marketplace.demo.pages import seed_pages
from marketplace.demo.payments import seed_payments
from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.records import province_code, records
from marketplace.demo.registers import seed_registers
from marketplace.demo.registration import seed_registration
from marketplace.demo.sites import exchange_of, seed_site
from marketplace.demo.standing import seed_experts, seed_mandates, seed_verifications
from marketplace.demo.technology_lists import seed_technology_lists
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.services import give_number
from marketplace.privacy.services import agree_on_opening
from marketplace.research.models import Result
from marketplace.sources.models import Source

Say = Callable[[str], None]
SOURCE = "demo"
#: Kind of listing, and the file of its records; what is needed comes last.
LISTINGS = (
    ("offer", "offers"), ("equipment", "equipment"), ("service", "services"), ("need", "needs"),
)  # fmt: skip
_NEVER: Say = lambda text: None  # noqa: E731


def seed(say: Say = _NEVER) -> None:
    exchange = Exchange.default()
    if not exchange.hotline:
        exchange.operator = "Cơ quan thông tin khoa học và công nghệ (bản thử)"
        exchange.address = "Số 1 phố Thử Nghiệm, Hà Nội"
        exchange.hotline, exchange.email = "1900 0000", "san@example.vn"
        exchange.save()
    of_province = seed_site()
    say(f"{Exchange.objects.count()} sàn")
    organizations = seed_organizations()
    say(f"{len(organizations)} tổ chức")
    seed_people(organizations)
    say(f"{User.objects.count()} tài khoản")
    lead = User.objects.get(email=next(one.email for one in PEOPLE if one.group == "leads"))
    say(f"{seed_verifications(organizations, by=lead)} tổ chức đã xác minh")
    say(f"{seed_technology_lists()} công nghệ trong danh mục mẫu")
    say(f"{seed_results(organizations)} kết quả nghiên cứu")
    say("{} chương trình, {} nhiệm vụ".format(*seed_registers(SOURCE)))
    for kind, name in LISTINGS:
        say(
            f"{seed_listings(kind, name, organizations, of_province)} {LISTING_MODELS[kind]._meta.verbose_name}"
        )
    say(f"{seed_pages(organizations)} trang")
    say(f"{seed_experts(organizations, by=lead)} chuyên gia")
    say(f"{seed_mandates(organizations)} ủy quyền môi giới")
    say(f"{seed_registration(organizations)} hồ sơ đăng ký")
    say("{} đề nghị kết nối, {} giao dịch".format(*seed_deals(organizations)))
    say(f"{seed_payments(organizations)} khoản thanh toán")
    say(f"{seed_compliance()} nghĩa vụ báo cáo chưa thực hiện")


def seed_organizations() -> dict[str, Organization]:
    found = {}
    for record in records("organizations"):
        organization = find_or_create_organization(record["name"], kind=record["kind"])
        if not organization.description:
            for field, key in (
                ("name_en", "name_en"),
                ("short_name", "short_name"),
                ("status", "status"),
                ("tax_code", "tax_code"),
                ("address", "address"),
                ("website", "website"),
                ("description", "description"),
                ("field_codes", "fields"),
            ):
                if record.get(key):
                    setattr(organization, field, record[key])
            organization.province_code = province_code(record)
            if organization.is_verified:
                # The mark is given by staff, by what it rests on: `seed_verifications`.
                organization.status = OrganizationStatus.CLAIMED
            organization.save()
        found[record["key"]] = organization
    return found


def seed_people(organizations: dict[str, Organization]) -> None:
    others = (
        Person(record["email"], record["full_name"], "expert")
        for record in records("experts")
        if "full_name" in record
    )
    for person in (*PEOPLE, *others):
        with transaction.atomic():
            user = User.objects.filter(email=person.email).first()
            if user is None:
                user = _create(person)
            if person.organization_key:
                Membership.objects.get_or_create(
                    user=user,
                    organization=organizations[person.organization_key],
                    defaults={"role": person.rank},
                )


def _create(person: Person) -> User:
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        full_name=person.full_name,
        language=person.language,
        is_staff=bool(person.group),
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    agree_on_opening(user)
    if person.group:
        user.groups.add(Group.objects.get(name=GROUPS[person.group]))
    if person.totp_secret:
        TOTP.activate(user, person.totp_secret)
        assert Authenticator.objects.filter(user=user).exists()
    return user


def seed_results(organizations: dict[str, Organization]) -> int:
    """By the command everybody uses: the demo is its first user."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{SOURCE}.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for record in records("results"):
                named = record | {"org": organizations[record["org"]].name}
                out.write(json.dumps(named, ensure_ascii=False) + "\n")
        call_command("import_results", str(path), source=SOURCE, no_index=True, verbosity=0)
    Source.objects.filter(slug=SOURCE).update(
        name="Kết quả mẫu của bản dùng thử",
        description="Kết quả và nhiệm vụ đặt ra để thử sàn; không có thật.",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
    )
    return Result.objects.filter(source=SOURCE).count()


def seed_listings(
    kind: str, name: str, organizations: dict[str, Organization], of_province: Exchange
) -> int:
    for record in records(name):
        exchange = exchange_of(organizations[record["org"]], of_province)
        _publish(kind, record, organizations, exchange)
    return LISTING_MODELS[kind].objects.count()


@transaction.atomic
def _publish(
    kind: str, record: dict[str, Any], organizations: dict[str, Organization], exchange: Exchange
) -> None:
    model: type[Listing] = LISTING_MODELS[kind]
    organization = organizations[record["org"]]
    if model.objects.filter(organization=organization, title=record["title"]).exists():
        return
    people = User.objects.filter(memberships__organization=organization)
    contact = people.order_by("pk").first()
    listing = builders.build(kind, record)
    listing.exchange, listing.organization, listing.contact = exchange, organization, contact
    if finder := record.get("found_by"):
        listing.found_by = organizations[finder]
    listing.live = False
    listing.valid_until = clock.today() + timedelta(days=30 * record.get("valid_months", 12))
    listing.draft_title = listing.title
    listing.submitted_at = listing.last_confirmed_at = clock.now()
    listing.save()
    give_number(listing)
    listing.save_revision(user=contact).publish(log_action=False)
