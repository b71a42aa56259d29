"""Forms of accounts, organisations, privacy and of what stands on them (experts, brokers, keys, services,
interests) take whatever is sent: no error page, nothing half done."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.apps import apps
from django.template import Template
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import (
    JoinRequest,
    MemberInvitation,
    Membership,
    Organization,
    OrganizationKind,
    User,
)
from marketplace.api.models import OrganizationKey
from marketplace.core import clock
from marketplace.core.idempotency import FIELD, new_key
from marketplace.experts.models import Expert
from marketplace.listings.models import Service
from marketplace.mandates.models import Mandate
from marketplace.matching.models import Interest
from marketplace.privacy.models import Consent, SubjectRequest
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    asked_again,
    proved,
    second_factor,
)
from tests.factories.listings import ServiceFactory

pytestmark = pytest.mark.django_db
WRITTEN = (
    User, Organization, MemberInvitation, JoinRequest, SubjectRequest, Consent, Expert, Mandate,
    OrganizationKey, Service, Interest,
)  # fmt: skip

ENDS = (200, 302, 400, 403, 404, 410)
STRANGE = {
    "long": "a" * 10_000,
    "empty of meaning": " \t\r\n\u00a0\u3000",
    "NUL": "a\x00b",
    "turned around": "\u202egnp.exe",
    "towers of marks": "a" + "\u0301" * 3000,
    "other planes": "𝕏😀𠮷\U0010ffff",
    "half a letter": b"\xed\xa0\x80\xff",
    "markup": "<svg onload=x()>{{7*7}}%(x)s",
    "number": "9" * 400,
}


@dataclass(frozen=True)
class Form:
    name: str
    data: dict[str, str] = field(default_factory=dict)
    args: Callable[[Membership], list[str]] = lambda mine: []
    signed_in: bool = True
    makes: str = ""
    method: str = "post"
    #: What has to be so before the person signs in.
    given: Callable[[Membership], object] = lambda mine: None


#: Of the person's organisation.
OWN = "toi123456789"


def _as_broker(mine: Membership) -> None:
    Organization.objects.filter(pk=mine.organization_id).update(kind=OrganizationKind.INTERMEDIARY)


FORMS = [
    Form(
        "account_signup",
        {"email": "moi@example.vn", "full_name": "Mai", "password1": "hoa-xoan-1975", "next": "/"},
        signed_in=False, makes="accounts.User",
    ),
    Form("account_signup_by_passkey", {"email": "moi@example.vn", "full_name": "Mai"}, signed_in=False),
    Form("account_login", {"login": "a@example.vn", "password": "x", "next": "/"}, signed_in=False),
    Form("account_reset_password", {"email": "a@example.vn"}, signed_in=False),
    Form("account_request_login_code", {"email": "a@example.vn", "next": "/"}, signed_in=False),
    Form("account_email", {"email": "khac@example.vn", "action_add": ""}),
    Form("account_change_password", {"oldpassword": "x", "password1": "y", "password2": "y"}),
    Form("accounts:profile", {"full_name": "Mai", "phone": "0912345678", "language": "vi"}),
    Form("accounts:find_organization", {"ten": "điều"}, method="get"),
    Form(
        "accounts:create_organization",
        {"name": "Công ty Điều", "kind": OrganizationKind.ENTERPRISE, "tax_code": ""},
        makes="accounts.Organization",
    ),
    Form(
        "accounts:edit_organization",
        {
            "name": "Công ty Điều", "kind": OrganizationKind.ENTERPRISE, "address": "1 Lê Lợi", "website": "",
            "name_en": "", "short_name": "", "description": "", "province_code": "", "field_codes": "",
        },
        args=lambda mine: [mine.organization.public_id],
    ),
    Form(
        "accounts:invite_member", {"email": "ban@example.vn", "role": "viewer"},
        args=lambda mine: [mine.organization.public_id], makes="accounts.MemberInvitation",
    ),
    Form(
        "accounts:ask_to_join", {"note": "Tôi làm ở đây"},
        args=lambda mine: [OrganizationFactory().public_id], makes="accounts.JoinRequest",
    ),
    Form("accounts:switch_organization", {"organization": "x", "next": "/"}),
    Form("privacy:ask", {"kind": "erase", "text": "Xóa"}, makes="privacy.SubjectRequest"),
    Form("privacy:ask_copy", {}, makes="privacy.DataCopy"),
    Form("privacy:consent", {"action": "give"}, args=lambda mine: ["surveys"], makes="privacy.Consent"),
    Form("privacy:agree", {"documents": "terms:2026-01"}),
    Form("privacy:close", {"understood": "on"}, makes="privacy.Closing"),
    Form(
        "experts:mine",
        {
            "headline": "Sấy xoài", "advises_on": "Chọn máy sấy", "experience": "Mười năm", "language": "vi",
            "field_codes_0": "40107", "languages": "vi", "province_code": "01", "organization": "",
            "shown": "headline", "viec": "luu",
        },
        makes="experts.Expert",
    ),
    Form("mandates:find_firm", {"q": "điều"}, method="get", given=_as_broker),
    Form(
        "mandates:ask", {"scopes": "may_post", "note": "Xin đăng giúp"}, given=_as_broker,
        args=lambda mine: [OrganizationFactory(status="claimed").public_id], makes="mandates.Mandate",
    ),
    Form(
        "api_pages:organization_keys",
        {
            "name": "Kho", "scopes": "records.read",
            "last_day": (clock.today() + timedelta(days=60)).isoformat(),
        },
        args=lambda mine: [OWN], makes="api.OrganizationKey", given=lambda mine: second_factor(mine.user),
    ),
    Form(
        "listings:service_create", {"text": "Thử mẫu", "organization": OWN}, makes="listings.Service"
    ),
    Form(
        "listings:edit",
        {"title": "Thử mẫu", "summary": "Thử mẫu nước", "service_kinds": "testing", "keywords": "nước", "tiep": "1"},
        args=lambda mine: [
            "service", ServiceFactory(organization=mine.organization, contact=mine.user).public_id, "dich-vu"
        ],
    ),
    Form(
        "matching:write_interest",
        {"organization": OWN, "seeks": "needs", "name": "Sấy", "words": "Sấy trái cây giữ màu bằng bơm nhiệt ở xưởng nhỏ"},
        makes="matching.Interest",
    ),
]  # fmt: skip


@pytest.fixture
def mine():
    organization = OrganizationFactory(public_id=OWN)
    return MembershipFactory(user=proved(UserFactory()), organization=organization)


def browser(form, mine):
    form.given(mine)
    client = Client()
    if form.signed_in:
        client.force_login(mine.user)
        asked_again(client)
    return client


def send(client, form, address, data):
    return client.get(address, data) if form.method == "get" else client.post(address, data)


@contextmanager
def undrawn():
    """Pages are a stroke: what is asked is whether a value gets through form and service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda template, context: "-")
        yield


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_strange_values_end_in_a_page(form, mine):
    client = browser(form, mine)
    address = reverse(form.name, args=form.args(mine))
    for kind, value in STRANGE.items():
        with undrawn():
            for name in [*form.data, FIELD]:
                answer = send(client, form, address, form.data | {name: value})
                assert answer.status_code in ENDS, (name, kind)
        answer = send(client, form, address, form.data | dict.fromkeys(form.data, value))
        assert answer.status_code in ENDS, kind
        # After each kind: the next one's values are written over these.
        for model in WRITTEN:
            kept = repr(list(model._base_manager.values()))
            assert not any(sign in kept for sign in ("\\x00", "\\u202e")), (kind, model)


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.makes], ids=[form.name for form in FORMS if form.makes]
)
def test_second_click_makes_nothing_more(form, mine):
    client = browser(form, mine)
    address = reverse(form.name, args=form.args(mine))
    model = apps.get_model(form.makes)
    before, data = model._base_manager.count(), form.data | {FIELD: new_key()}

    answers = [client.post(address, data) for _each in range(2)]

    assert model._base_manager.count() == before + 1
    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.parametrize("name", ["accounts:join_by_letter", "accounts:claim"])
@pytest.mark.parametrize("token", ["%00", "a" * 3000, "%ED%A0%80", "😀", "..%2f..%2f"])
def test_strange_links_say_that_they_are_none(client, name, token):
    path = reverse(name, args=["x"]).replace("/x/", f"/{token}/")
    for method in (client.get, client.post):
        assert method(path).status_code in ENDS
