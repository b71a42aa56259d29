"""Pages and papers are drawn whole, in both languages."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from marketplace.payments.papers import ledger_extract, paper
from marketplace.payments.services.payments import ask_refund, confirm_receipt
from tests.payments.test_statements import DAY, take

pytestmark = pytest.mark.django_db


def words(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_every_page_is_drawn_for_who_moves_the_money(account, payment, seller, client):
    statement = take(account, (payment.amount - 1, payment.reference))
    item = payment.desk_items.get()
    client.force_login(seller)
    names = ["payments", "accounts", "account_new", "statements", "desk"]
    paths = [reverse(f"payments:{name}") for name in names]
    paths += [
        payment.get_absolute_url(),
        statement.get_absolute_url(),
        reverse("payments:desk_item", args=[item.public_id]),
        reverse("payments:ledger", args=[account.owner.public_id]),
        f"{reverse('payments:payments')}?loai=duoc-nhan",
    ]
    for path in [*paths, *(f"/en{path}" for path in paths)]:
        assert client.get(path).status_code == 200, path


def test_papers_say_who_pays_whom_how_much(payment, seller):
    request = words(paper(payment, "request"))
    assert payment.reference in request
    assert "120.000.000" in request
    confirm_receipt(payment, amount=payment.amount, on=DAY, key="k", by=seller)
    assert "11/11/2026" in words(paper(payment, "receipt"))
    ask_refund(payment, amount=5, reason="thừa", reference="FT9", by=seller)
    assert "FT9" in words(paper(payment, "refund"))
    assert payment.payee.name in words(ledger_extract(payment.payee))
