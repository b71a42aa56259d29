"""Who may ask, confirm, refund, verify and decide; nobody else changes anything."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from cms.setup import set_up_curation
from marketplace.payments.models import (
    DeskItem,
    PayeeAccount,
    Payment,
    Statement,
    TaxInvoice,
)
from marketplace.payments.services.accounts import add_account
from marketplace.payments.services.desk import put_on_desk
from marketplace.payments.services.payments import confirm_receipt
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.states import DeskKind
from tests.cms.conftest import staff_member
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    asked_again,
    second_factor,
)
from tests.payments.test_statements import DAY, take

pytestmark = pytest.mark.django_db

#: The seller's, the buyer's, others, and staff.
PEOPLE = ["owner", "seller", "colleague", "reader", "payer", "buyer_colleague", "stranger", "curator", "money_staff"]  # fmt: skip


@pytest.fixture
def people(firm, institute, payer, seller):
    set_up_curation()

    def member(organization, role):
        return second_factor(MembershipFactory(organization=organization, role=role).user)

    return {
        "owner": member(institute, "owner"),
        "seller": second_factor(seller),
        "colleague": member(institute, "contributor"),
        "reader": member(institute, "viewer"),
        "payer": second_factor(payer),
        "buyer_colleague": member(firm, "contributor"),
        "stranger": second_factor(MembershipFactory().user),
        "curator": second_factor(CuratorFactory()),
        "money_staff": staff_member("finance"),
    }


def rows():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Payment, PayeeAccount, Statement, DeskItem, TaxInvoice)
    ]


def check(people, client, path, data, may):
    before = rows()
    for who, person in people.items():
        client.force_login(person)
        asked_again(client)
        with transaction.atomic():
            sent = data() if callable(data) else data
            answer = client.post(path, sent)
            if who in may:
                assert answer.status_code == 302, who
                assert rows() != before, who
            else:
                assert answer.status_code in (403, 404), who
                assert rows() == before, who
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("cancel", {}),
        ("confirm", {"amount": "120.000.000", "on": "11/11/2026"}),
    ],
)
def test_the_payees_money_people_act_on_what_is_open(payment, people, client, act, data):
    check(people, client, reverse(f"payments:{act}", args=[payment.public_id]), data, {"owner", "seller"})  # fmt: skip


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("refund", {"amount": "120000000", "reason": "trả lại", "reference": "FT1"}),
        ("add_invoice", {"series": "1C26T", "number": "7", "issued_on": "11/11/2026"}),
    ],
)
def test_the_payees_money_people_act_on_what_is_paid(payment, people, client, act, data):
    confirm_receipt(payment, amount=payment.amount, on=DAY, key="x", by=people["owner"])
    check(people, client, reverse(f"payments:{act}", args=[payment.public_id]), data, {"owner", "seller"})  # fmt: skip


def test_statements_are_imported_by_the_accounts_own_people(account, people, client):
    def data():
        text = b"Ngay,Ghi co,Noi dung\n11/11/2026,5,x\n"
        return {"account": account.public_id, "file": SimpleUploadedFile("a.csv", text)}

    before = rows()
    for who, person in people.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse("payments:statements"), data())
            assert (answer.status_code == 302) == (who in {"owner", "seller"}), who
            assert (rows() != before) == (who in {"owner", "seller"}), who
            transaction.set_rollback(True)


def test_what_a_statement_left_open_is_for_the_payees_people_alone(
    account, payment, people, client
):
    take(account, (payment.amount - 1, payment.reference))
    reconcile_batch()
    item = DeskItem.objects.get()
    path = reverse("payments:desk_item", args=[item.public_id])
    check(people, client, path, {"decision": "accept"}, {"owner", "seller"})


def test_what_a_provider_does_not_bear_out_is_for_the_exchanges_finance_too(
    payment, people, client
):
    client.force_login(people["money_staff"])
    assert client.get(payment.get_absolute_url()).status_code == 404
    put_on_desk(payment, DeskKind.MISSING, amount=5, key="x")
    path = reverse("payments:desk_item", args=[payment.desk_items.get().public_id])
    said = {"decision": "noted", "note": "Đã gọi cổng thanh toán"}
    check(people, client, path, said, {"owner", "seller", "money_staff"})
    client.force_login(people["money_staff"])
    assert client.get(payment.get_absolute_url()).status_code == 200


def test_an_account_is_verified_by_its_owner_or_by_staff_with_a_second_factor(
    institute, people, client
):
    account = add_account(
        institute, bank="970436", number="123456789", holder="VIEN SAY THU", by=people["seller"]
    )
    path = reverse("payments:account_verify", args=[account.public_id])
    check(people, client, path, {}, {"owner", "money_staff"})
    bare = MembershipFactory(organization=institute, role="owner").user
    client.force_login(bare)
    assert client.post(path).url == reverse("mfa_index")
    account.refresh_from_db()
    assert account.state == "new"
    check(
        people, client, reverse("payments:account_retire", args=[account.public_id]), {},
        {"owner", "seller"},
    )  # fmt: skip


def test_an_owner_does_not_verify_an_account_in_another_name(institute, people, client):
    account = add_account(
        institute, bank="970436", number="123456789", holder="NGUYEN VAN A", by=people["seller"]
    )
    client.force_login(people["owner"])
    asked_again(client)
    client.post(reverse("payments:account_verify", args=[account.public_id]))
    account.refresh_from_db()
    assert account.state == "new"


def test_accounts_are_entered_for_ones_own_organisation_alone(institute, people, client):
    data = {"owner": institute.public_id, "bank": "970436", "number": "123456789", "holder": "VIEN SAY THU"}  # fmt: skip
    for who, person in people.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse("payments:account_new"), data)
            may = who in {"owner", "seller"}
            assert (answer.status_code == 302) == may, who
            assert PayeeAccount.objects.filter(organization=institute).exists() == may, who
            transaction.set_rollback(True)


def test_pages_are_read_by_both_sides_money_people(payment, account, people, client):
    for who, person in people.items():
        client.force_login(person)
        answer = client.get(payment.get_absolute_url())
        sees = who in {"owner", "seller", "payer"}
        assert answer.status_code == (200 if sees else 404), who
        # The number is for who pays it and for who is paid.
        shows = account.number in answer.content.decode()
        assert shows == (who in {"owner", "seller", "payer"}), who
        book = client.get(reverse("payments:ledger", args=[account.owner.public_id]))
        assert book.status_code == (200 if who in {"owner", "seller"} else 404), who


def test_the_card_page_is_the_payers(card_payment, people, client):
    from marketplace.payments.services.remote import ask_batch

    ask_batch()
    path = reverse("payments:demo_card", args=[card_payment.public_id])
    for who, person in people.items():
        client.force_login(person)
        assert client.get(path).status_code == (200 if who == "payer" else 404), who
