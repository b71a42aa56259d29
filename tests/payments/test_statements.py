"""Statements in four forms, what is settled by itself, and what a person has to see."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marketplace.core.errors import DomainError
from marketplace.payments.models import DeskItem, Posting, StatementLine
from marketplace.payments.services import ledger
from marketplace.payments.services.desk import decide
from marketplace.payments.services.payments import cancel_payment, confirm_receipt
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.statements import import_statement
from marketplace.payments.statements import Line, StatementProblem, read_statement
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.payments import payment_into, verified_account

DAY = date(2026, 11, 11)
REFERENCE = "TTCN345678BCDM"


def csv_of(
    rows, header="Ngày giao dịch,Số tiền ghi nợ,Số tiền ghi có,Nội dung giao dịch,Số tham chiếu"
):
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    return ("SAO KÊ TÀI KHOẢN\nChủ tài khoản: X\n" + header + "\n" + "\n".join(lines)).encode()


def mt940_of(entries):
    body = "".join(
        f":61:2611111111C{amount},NTRFNONREF//{key}\n:86:{content}\n"
        for amount, content, key in entries
    )
    return (
        f":20:ST\n:25:0011001932418\n:28C:1/1\n:60F:C261110VND0,\n{body}:62F:C261111VND0,\n-"
    ).encode()


def camt_of(entries):
    rows = "".join(
        f'<Ntry><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>2026-11-11</Dt></BookgDt><AcctSvcrRef>{key}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RmtInf><Ustrd>{content}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for amount, content, key in entries
    )
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt>{rows}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def xlsx_of(rows):
    book = openpyxl.Workbook()
    book.active.append(["Ngân hàng thử"])
    book.active.append(["Ngày", "Diễn giải", "Ghi nợ", "Ghi có", "Số CT"])
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def one_line(data):
    _form, lines = read_statement(data, currency="VND")
    assert len(lines) == 1
    return lines[0]


FILES = {
    "csv": csv_of([("11/11/2026", "", "1.200.000", f"CK {REFERENCE}", "FT1"), ("11/11/2026", "5.000", "", "phí", "FT2")]),
    "xlsx": xlsx_of([[DAY, f"CK {REFERENCE}", None, 1_200_000, "FT1"], [DAY, "phí", 5000, None, "FT2"]]),
    "mt940": mt940_of([(1200000, f"CK {REFERENCE[:6]}\n{REFERENCE[6:]}", "FT1")]),
    "camt053": camt_of([(1200000, f"CK {REFERENCE}", "FT1")]),
}  # fmt: skip


@pytest.mark.parametrize("form", FILES)
def test_each_form_gives_the_same_line_of_money_that_came_in(form):
    said, _lines = read_statement(FILES[form], currency="VND")
    assert said == form
    assert one_line(FILES[form]) == Line(DAY, 1_200_000, "VND", f"CK {REFERENCE}", "FT1")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1.200.000", 1_200_000), ("1,200,000", 1_200_000), ("1200000", 1_200_000), ("1,200,000.00", 1_200_000), ("+500", 500)],
)  # fmt: skip
def test_sums_are_read_as_banks_write_them(written, amount):
    assert one_line(csv_of([("11/11/2026", "", written, "x", "1")])).amount == amount


def test_a_file_of_another_bank_with_semicolons_signs_and_totals():
    data = (
        "Ngày;Số tiền;Loại tiền;Mô tả\n11/11/2026;-5.000;VND;phí\n11/11/2026;7.000;VND;vào\n"
        "Tổng cộng;2.000;;\n"
    ).encode("utf-16")
    assert one_line(data) == Line(DAY, 7_000, "VND", "vào")


def test_debits_reversals_and_pending_entries_are_left_out():
    data = camt_of([(5, "a", "1")]).replace(b"CRDT", b"DBIT")
    assert read_statement(data, currency="VND")[1] == []
    pending = camt_of([(5, "a", "1")]).replace(b"<Cd>BOOK", b"<Cd>PDNG")
    assert read_statement(pending, currency="VND")[1] == []
    data = mt940_of([(5, "a", "1")]).replace(b"C5,", b"D5,")
    assert read_statement(data, currency="VND")[1] == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"<html><body>x</body></html>",
        b"<Document><BkToCstmrStmt>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Document/>',
        b":20:x\n:25:y\n:61:nonsense\n",
        b":20:x\n:25:y\n:60F:C261110VND0,\n:61:nonsense\n",
        b"PK\x03\x04broken",
        camt_of([("1.5", "x", "1")]),
        camt_of([("x", "x", "1")]),
        csv_of([("11/11/2026", "", "mười", "x", "1")]),
    ],
)
def test_what_is_no_statement_is_refused_in_words(data):
    with pytest.raises(StatementProblem):
        read_statement(data, currency="VND")


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_are_lines_or_a_refusal(data):
    try:
        read_statement(data, currency="VND")
    except StatementProblem:
        return


# --- lines meet payments ------------------------------------------------------------------------


def take(account, *lines, name="a.csv"):
    """Imports (sum, content) pairs and reconciles them."""
    rows = [("11/11/2026", "", amount, content, "") for amount, content in lines]
    statement = import_statement(account, data=csv_of(rows), file_name=name, by=account.added_by)
    while reconcile_batch():
        pass
    statement.refresh_from_db()
    return statement


@pytest.mark.django_db
def test_the_right_content_and_sum_settles_once(account, payment):
    content = f"CT DEN 123 {payment.reference.lower()} CONG TY CO KHI"
    statement = take(account, (payment.amount, content), (999, "tiền điện của người khác"))
    payment.refresh_from_db()
    assert (payment.state, payment.received) == ("settled", payment.amount)
    assert payment.receipts.get().received_on == DAY
    assert (statement.lines_count, statement.matched_count) == (2, 1)
    assert ledger.outstanding(payment) == 0
    # What has nothing to do with the exchange keeps no words of others.
    assert StatementLine.objects.get(state="ignored").content == ""
    assert not DeskItem.objects.exists()


@pytest.mark.django_db
def test_the_same_file_is_refused_and_a_longer_one_adds_what_is_new(account, payment, firm):
    other = payment_into(account, payer=firm, amount=5)
    first = (payment.amount, payment.reference)
    take(account, first)
    with pytest.raises(DomainError):
        take(account, first)
    longer = take(account, first, (5, other.reference), name="b.csv")
    assert (longer.lines_count, longer.known_count) == (1, 1)
    assert payment.receipts.count() == other.receipts.count() == 1
    assert not DeskItem.objects.exists()


def mistyped(reference):
    return f"{reference[:-1]}{'3' if reference[-1] != '3' else '4'}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("difference", "content", "kind"),
    [
        (-1, str, "partial"),
        (+1, str, "over"),
        (0, mistyped, "wrong"),
        (0, lambda reference: "thanh toan hop dong", "wrong"),
        (0, lambda reference: f"{reference} {REFERENCE}", "unknown"),
        (7, lambda reference: "TTCN333333333F", "unknown"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(account, payment, difference, content, kind):
    from marketplace.payments.references import completed

    said = content(payment.reference)
    said = said.replace("TTCN333333333F", completed("333333333"))
    said = said.replace(REFERENCE, completed("345678BCD"))
    take(account, (payment.amount + difference, said))
    payment.refresh_from_db()
    assert (payment.state, payment.received) == ("waiting", 0)
    assert DeskItem.objects.get().kind == kind


@pytest.mark.django_db
def test_a_second_transfer_and_a_late_one_wait_too(account, payment, firm):
    whole = (payment.amount, payment.reference)
    take(account, whole, whole)
    payment.refresh_from_db()
    assert payment.received == payment.amount
    assert DeskItem.objects.get().kind == "double"
    ended = payment_into(account, payer=firm, amount=9)
    cancel_payment(ended, by=account.added_by)
    take(account, (9, ended.reference), name="b.csv")
    assert ended.desk_items.get().kind == "late"


@pytest.mark.django_db
def test_money_in_another_account_is_nobodys_match(account, payment):
    other = verified_account(OrganizationFactory(), number="99998888")
    take(other, (payment.amount, payment.reference))
    payment.refresh_from_db()
    assert payment.state == "waiting"
    assert DeskItem.objects.get().kind == "unknown"


@pytest.mark.django_db
def test_the_desk_takes_parts_until_the_whole_is_there(account, payment):
    half = payment.amount // 2
    take(account, (half, payment.reference), (half, payment.reference))
    by = account.added_by
    first, second = DeskItem.objects.order_by("pk")
    decide(first, decision="accept", by=by)
    payment.refresh_from_db()
    assert (payment.state, payment.received) == ("partial", half)
    decide(second, decision="accept", by=by)
    payment.refresh_from_db()
    assert payment.state == "settled"
    with pytest.raises(DomainError):
        decide(second, decision="noted", note="lần nữa", by=by)


@pytest.mark.django_db
def test_the_desk_sends_back_with_a_note_and_forgets_the_words(account, payment):
    take(account, (payment.amount, "thanh toan"))
    item = DeskItem.objects.get()
    with pytest.raises(DomainError):
        decide(item, decision="returned", by=account.added_by)
    decide(item, decision="returned", note="FT77", by=account.added_by)
    payment.refresh_from_db()
    assert payment.received == 0
    assert StatementLine.objects.get().content == ""


@pytest.mark.django_db
def test_over_is_taken_whole_and_the_books_say_what_is_owed_back(account, payment):
    take(account, (payment.amount + 500, payment.reference))
    decide(DeskItem.objects.get(), decision="accept", by=account.added_by)
    payment.refresh_from_db()
    assert (payment.state, ledger.outstanding(payment)) == ("settled", -500)


@pytest.mark.django_db
def test_a_hand_confirms_what_a_statement_then_finds_double(account, payment):
    by = UserFactory()
    confirm_receipt(payment, amount=payment.amount, on=date(2026, 11, 10), key="k", by=by)
    take(account, (payment.amount, payment.reference))
    assert DeskItem.objects.get().kind == "double"
    assert payment.receipts.count() == 1


AMOUNTS = st.lists(st.integers(1, 10**12), min_size=1, max_size=6)


@pytest.mark.django_db
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(amounts=AMOUNTS, picked=st.data())
def test_whatever_statement_comes_no_dong_is_made_or_lost(db, amounts, picked):
    from django.db import transaction
    from django.db.models import Sum

    with transaction.atomic():
        account = verified_account(OrganizationFactory())
        firm = OrganizationFactory()
        payments = [payment_into(account, payer=firm, amount=one) for one in amounts]
        lines = []
        for payment in payments:
            shift = picked.draw(st.sampled_from([0, 0, -1, 1]))
            times = picked.draw(st.integers(0, 2))
            lines += [(max(payment.amount + shift, 1), payment.reference)] * times
        if lines:
            take(account, *lines)
        settled = [one for one in payments if one.receipts.exists()]
        received = Posting.objects.filter(what="received", key__endswith=":payee")
        total = received.aggregate(sum=Sum("amount"))["sum"] or 0
        assert total == sum(one.amount for one in settled)
        assert ledger.balances(account.owner).get(("bank", "VND"), 0) == total
        transaction.set_rollback(True)
