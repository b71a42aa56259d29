"""Accounts and books of organisations that are merged, and taken apart again."""

import pytest
from django.urls import reverse

from marketplace.accounts.services import merge_organizations, undo_merge
from marketplace.core.errors import DomainError
from marketplace.payments.models import PayeeAccount
from marketplace.payments.papers import ledger_context
from marketplace.payments.services import ledger
from marketplace.payments.services.accounts import retire_account, verify_account
from marketplace.payments.services.reconciling import reconcile_batch
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.payments import money_person, payment_into, verified_account
from tests.payments.test_statements import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def survivor(db):
    return OrganizationFactory(name="Viện Sấy Thử (mới)")


@pytest.fixture
def staff(db):
    return UserFactory(is_staff=True)


def facts():
    return list(PayeeAccount.objects.order_by("pk").values())


def test_what_waits_is_still_taken_in_and_nothing_new_before_another_look(
    account, payment, firm, institute, survivor, staff, client
):
    person = money_person(survivor)
    before = facts()
    merge = merge_organizations(duplicate=institute, survivor=survivor, by=staff)
    account.refresh_from_db()
    payment.refresh_from_db()
    assert (account.organization, account.state, account.verified_at) == (survivor, "new", None)
    assert payment.payee == survivor
    with pytest.raises(DomainError, match="chưa được xác minh"):
        payment_into(account, payer=firm)
    take(account, (payment.amount, payment.reference))
    reconcile_batch()
    payment.refresh_from_db()
    assert (payment.state, ledger.outstanding(payment)) == ("settled", 0)

    # The book in which it was agreed is read with the survivor's own.
    client.force_login(person)
    page = client.get(reverse("payments:ledger", args=[survivor.public_id])).content.decode()
    assert institute.name in page
    merged = ledger_context(survivor)
    assert len(merged["postings"]) == 2
    assert {one for _account, _sum, one in merged["accounts"]} == {institute}

    undo_merge(merge, by=staff, reason="Hai viện khác nhau")
    assert facts() == before
    assert ledger_context(survivor)["postings"] == []
    assert {one for _account, _sum, one in ledger_context(institute)["accounts"]} == {None}


def test_an_account_of_both_is_the_survivors_and_the_others_is_retired(
    account, payment, institute, survivor, staff, client
):
    own = verified_account(survivor)
    before = facts()
    merge = merge_organizations(duplicate=institute, survivor=survivor, by=staff)
    account.refresh_from_db()
    own.refresh_from_db()
    assert (account.organization, account.state, own.state) == (survivor, "retired", "verified")
    # Money that was asked for into it may come in still: its statement is taken.
    client.force_login(money_person(survivor))
    shown = client.get(reverse("payments:statements")).context["form"].fields["account"].queryset
    assert set(shown) == {account, own}
    undo_merge(merge, by=staff, reason="Hai viện khác nhau")
    assert facts() == before


def test_what_was_decided_since_stays(account, institute, survivor, staff):
    merge = merge_organizations(duplicate=institute, survivor=survivor, by=staff)
    account.refresh_from_db()
    verify_account(account, how="staff", by=staff)
    retire_account(account, by=staff)
    undo_merge(merge, by=staff, reason="Hai viện khác nhau")
    account.refresh_from_db()
    assert (account.organization, account.state) == (institute, "retired")


def test_books_of_merges_in_a_row_are_read_at_the_end(account, payment, institute, survivor, staff):
    last = OrganizationFactory(name="Viện Sau Cùng")
    merge_organizations(duplicate=institute, survivor=survivor, by=staff)
    merge_organizations(duplicate=survivor, survivor=last, by=staff)
    assert ledger.kept_by(last) == [last.pk, *sorted([survivor.pk, institute.pk])]
    assert len(ledger_context(last)["postings"]) == 1
