"""Terms: versions, what changed, one version accepted by both; and the contract that is drawn from it."""

import io
import threading
from dataclasses import replace
from datetime import date, timedelta

import docx
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.core.uploads import check_document
from marketplace.deals.comparing import differences
from marketplace.deals.following import months_after
from marketplace.deals.models import (
    ContractRecord,
    DealMember,
    FollowUp,
    SheetAcceptance,
    TermSheet,
)
from marketplace.deals.papers import contract_docx, contract_pdf
from marketplace.deals.registering import TransferFacts, duty_of, next_reminder
from marketplace.deals.services import contracts, terminate_deal
from marketplace.deals.services.disclosure import StaleText
from marketplace.deals.services.follow_ups import answer_follow_up, ask_batch
from marketplace.deals.services.terms import (
    PlanLine,
    accept_terms,
    digest_of,
    offer_terms,
    reopen_terms,
    withdraw_terms,
)
from marketplace.deals.tasks import follow_up, registration
from marketplace.notifications.models import Notice
from tests.deals.people import PEOPLE, person_named
from tests.factories.deals import offered_terms
from tests.factories.registration import pdf_upload

pytestmark = pytest.mark.django_db

TERMS = offered_terms()


def changed(**contents):
    return replace(TERMS, contents=TERMS.contents | contents)


@pytest.fixture
def sheet(deal, firm, buyer):
    return offer_terms(deal, TERMS, side=firm, by=buyer)


@pytest.fixture
def agreed(deal, sheet, institute, inventor):
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    deal.refresh_from_db()
    return deal


@pytest.fixture
def contract(agreed, buyer):
    return contracts.draw_contract(agreed, by=buyer)


def confirm(contract, side, by):
    return contracts.confirm_contract(
        contract, side=side, sha256=contract.sha256, signed_as="signatory", by=by
    )


# --- versions ---------------------------------------------------------------------------------------


def test_a_counter_offer_takes_the_place_of_what_it_answers(
    deal, sheet, firm, institute, buyer, inventor
):
    with pytest.raises(StaleText, match="mới hơn"):
        offer_terms(deal, changed(price="Đã gồm thuế"), side=institute, by=inventor)
    with pytest.raises(DomainError, match="giống hệt"):
        offer_terms(deal, TERMS, side=institute, answers=1, by=inventor)
    second = offer_terms(deal, changed(price="Đã gồm thuế"), side=institute, answers=1, by=inventor)
    sheet.refresh_from_db()
    assert (sheet.state, second.number, second.state) == ("countered", 2, "offered")
    with pytest.raises(InvalidTransition, match="bản 1 có bản mới hơn"):
        accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    with pytest.raises(DomainError, match="chính tổ chức bạn"):
        accept_terms(second, side=institute, sha256=second.sha256, by=inventor)
    with pytest.raises(StaleText):
        accept_terms(second, side=firm, sha256=sheet.sha256, by=buyer)
    accept_terms(second, side=firm, sha256=second.sha256, by=buyer)
    deal.refresh_from_db()
    assert deal.state == "agreed"
    assert set(second.acceptances.values_list("organization", "sha256")) == {
        (firm.pk, second.sha256),
        (institute.pk, second.sha256),
    }
    with pytest.raises(InvalidTransition, match="đã thống nhất"):
        offer_terms(deal, TERMS, side=firm, answers=2, by=buyer)


def test_what_changed_is_shown_word_by_word(deal, sheet, institute, inventor):
    second = offer_terms(
        deal,
        changed(price="Đã gồm thuế", warranty="Một năm"),
        side=institute,
        answers=1,
        by=inventor,
    )
    lines = {line.label: line for line in differences(sheet, second)}
    assert lines["Giá và cách thanh toán"].pieces == (
        ("Chưa", "gone"), ("Đã", "added"), (" gồm thuế", "same"),
    )  # fmt: skip
    assert lines["Bảo hành"].pieces == (("Một năm", "added"),)
    assert [line.label for line in differences(sheet, second) if line.is_changed] == [
        "Giá và cách thanh toán", "Bảo hành",
    ]  # fmt: skip
    dropped = {line.label: line for line in differences(second, sheet)}
    assert dropped["Bảo hành"].pieces == (("Một năm", "gone"),)
    assert not any(line.is_changed for line in differences(None, sheet))


def test_the_hash_is_of_what_is_said_alone():
    turned = replace(TERMS, contents=dict(reversed(TERMS.contents.items())))
    assert digest_of(turned.as_json()) == digest_of(TERMS.as_json())
    assert digest_of(changed(term="Hai năm").as_json()) != digest_of(TERMS.as_json())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (changed(object=" "), "Hãy ghi"),
        (replace(TERMS, price_form="moon"), "phương thức thanh toán"),
        (replace(TERMS, plan=()), "ít nhất một mốc"),
        (replace(TERMS, plan=(PlanLine("x", 0),)), "lớn hơn 0"),
    ],
)
def test_what_could_be_no_contract_is_not_offered(deal, firm, buyer, wrong, said):
    with pytest.raises(DomainError, match=said):
        offer_terms(deal, wrong, side=firm, by=buyer)
    assert not TermSheet.objects.exists()


def test_withdrawn_by_who_offered_and_opened_again_by_either(
    deal, sheet, firm, institute, buyer, inventor
):
    with pytest.raises(DomainError, match="Chỉ bên gửi"):
        withdraw_terms(sheet, side=institute, by=inventor)
    withdraw_terms(sheet, side=firm, by=buyer)
    again = offer_terms(deal, TERMS, side=institute, answers=1, by=inventor)
    accept_terms(again, side=firm, sha256=again.sha256, by=buyer)
    draft = contracts.draw_contract(deal, by=buyer)
    reopen_terms(deal, side=institute, by=inventor)
    draft.refresh_from_db()
    assert (deal.state, draft.state) == ("talking", "discarded")
    with pytest.raises(InvalidTransition, match="Chưa có điều khoản"):
        reopen_terms(deal, side=institute, by=inventor)


def test_the_database_keeps_one_version_on_the_table(deal, sheet, firm):
    with pytest.raises(IntegrityError), transaction.atomic():
        TermSheet.objects.create(deal=deal, number=9, organization=firm, content={}, sha256="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetAcceptance.objects.create(sheet=sheet, organization=firm, sha256="x")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["counter", "withdraw", "terminate"])
def test_accepted_and_changed_at_the_same_moment(
    deal, sheet, firm, institute, buyer, inventor, other
):
    starts = threading.Barrier(2)
    failed: list[BaseException] = []
    acts = {
        "accept": lambda: accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor),
        "counter": lambda: offer_terms(
            deal, changed(term="Năm năm"), side=firm, answers=1, by=buyer
        ),
        "withdraw": lambda: withdraw_terms(TermSheet.objects.get(pk=sheet.pk), side=firm, by=buyer),
        "terminate": lambda: terminate_deal(deal, reason="price", by=buyer),
    }

    def act(name):
        starts.wait(10)
        try:
            acts[name]()
        except InvalidTransition as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(name,)) for name in ("accept", other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    deal.refresh_from_db()
    states = list(TermSheet.objects.order_by("number").values_list("state", flat=True))
    if other == "terminate":  # an agreed deal may still be ended
        assert deal.state == "terminated"
        assert len(failed) <= 1
    elif deal.state == "agreed":
        assert states == ["accepted"]
        assert len(failed) == 1
    else:
        assert states[0] in ("withdrawn", "countered")
        assert len(failed) == 1


# --- the contract -----------------------------------------------------------------------------------


def test_it_is_drawn_from_the_accepted_terms_once(contract, agreed, firm, institute, buyer):
    text = "\n".join(line for section in contract.sections for line in section)
    for words in (firm.name, institute.name, "Quy trình sấy lạnh", "300.000.000 đ", "15/01/2027"):
        assert words in text
    assert contract.sheet.sha256 in text
    with pytest.raises(InvalidTransition, match="Đã có bản thảo"):
        contracts.draw_contract(agreed, by=buyer)
    printed = PdfReader(io.BytesIO(contract_pdf(contract)))
    assert contract.sha256 in "".join(page.extract_text() for page in printed.pages)
    paper = docx.Document(io.BytesIO(contract_docx(contract)))
    assert any("Tòa án nhân dân" in line.text for line in paper.paragraphs)


def test_no_contract_without_agreed_terms(deal, buyer):
    with pytest.raises(InvalidTransition, match="đã chấp thuận"):
        contracts.draw_contract(deal, by=buyer)


def test_confirmed_by_both_it_is_in_force_with_its_milestones(
    contract, agreed, firm, institute, buyer, inventor
):
    with pytest.raises(StaleText):
        contracts.confirm_contract(
            contract, side=firm, sha256="khác", signed_as="signatory", by=buyer
        )
    assert not confirm(contract, firm, buyer)
    with pytest.raises(InvalidTransition, match="đã xác nhận"):
        confirm(contract, firm, buyer)
    assert confirm(contract, institute, inventor)
    agreed.refresh_from_db()
    assert (agreed.state, contract.state) == ("contracted", "confirmed")
    plan = list(agreed.milestones.values_list("title", "amount", "due_on"))
    assert plan == [("Tạm ứng", 300_000_000, date(2027, 1, 15)), ("Nghiệm thu", 700_000_000, None)]
    with pytest.raises(InvalidTransition):
        reopen_terms(agreed, side=firm, by=buyer)
    assert AuditEntry.objects.filter(action="contract.confirmed_by_side").count() == 2


def test_a_signed_copy_is_kept_with_its_hash(contract, firm, institute, buyer, inventor):
    checked = check_document(pdf_upload("hop-dong-ky.pdf", "Da ky"))
    with pytest.raises(InvalidTransition, match="khi hai bên"):
        contracts.add_signed_copy(contract, checked=checked, side=firm, by=buyer)
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    first = contracts.add_signed_copy(contract, checked=checked, side=firm, by=buyer)
    same = contracts.add_signed_copy(contract, checked=checked, side=institute, by=inventor)
    assert first == same
    assert (first.signatures, contract.copies.count()) == (0, 1)


HOME = TransferFacts(
    direction="domestic", is_transfer=True, uses_state_funds=False, has_certificate=False,
    is_licensed=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "code", "due"),
    [
        (HOME, "voluntary", None),
        (replace(HOME, direction="in"), "from_abroad", date(2026, 11, 24)),
        (replace(HOME, direction="out"), "abroad", date(2026, 11, 24)),
        (replace(HOME, uses_state_funds=True), "state_funds", date(2026, 11, 24)),
        (replace(HOME, uses_state_funds=True, has_certificate=True), "certified_result", None),
        (replace(HOME, direction="in", has_certificate=True), "from_abroad", date(2026, 11, 24)),
        (replace(HOME, direction="in", is_licensed=True), "restricted", None),
        (replace(HOME, direction="in", is_transfer=False), "no_transfer", None),
    ],
)
def test_who_has_to_register_by_when_and_why(facts, code, due):
    duty = duty_of(facts, signed_on=date(2026, 8, 26))
    assert (duty.code, duty.due_on, duty.required) == (code, due, due is not None)
    assert duty.status == "under_review"
    assert duty.reason


def test_reminders_come_before_the_last_day():
    signed, due = date(2026, 8, 26), date(2026, 11, 24)
    first = next_reminder(due, signed_on=signed, after=signed)
    assert first == date(2026, 10, 25)
    assert next_reminder(due, signed_on=signed, after=first) == date(2026, 11, 17)
    assert next_reminder(due, signed_on=signed, after=date(2026, 11, 17)) is None


def test_the_clock_reminds_until_the_number_is_recorded(
    contract, firm, institute, buyer, inventor, frozen_clock
):
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    facts = {name: getattr(contract, name) for name in contracts.FACTS} | {"direction": "in"}
    contracts.say_facts(contract, facts=facts, by=buyer)
    assert contract.register_by == clock.today() + timedelta(days=90)
    assert registration() == 0
    frozen_clock.move(days=61)
    assert registration() == 1
    assert registration() == 0
    told = {
        row.recipient
        for row in Notice.objects.select_related("recipient")
        if row.context.get("event") == "register"
    }
    assert told == {buyer, inventor}
    with pytest.raises(DomainError, match="không sau hôm nay"):
        contracts.record_registration(
            contract, number="12", registered_on=clock.today() + timedelta(days=1), by=buyer
        )
    contracts.record_registration(contract, number="12/GCN", registered_on=clock.today(), by=buyer)
    frozen_clock.move(days=60)
    assert registration() == 0
    with pytest.raises(InvalidTransition, match="đã ghi số"):
        contracts.say_facts(contract, facts=facts, by=buyer)


def test_the_buyer_is_asked_months_later_and_answers_once(
    contract, firm, institute, buyer, inventor, frozen_clock
):
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    deal = contract.deal
    assert list(deal.follow_ups.values_list("months", flat=True)) == [6, 12, 24]
    first = deal.follow_ups.first()
    with pytest.raises(InvalidTransition, match="chưa đến lúc"):
        answer_follow_up(first, outcome="trial", by=buyer)
    frozen_clock.move(days=190)
    assert follow_up() == 1
    assert follow_up() == 0
    told = Notice.objects.filter(dedupe_key__contains=":follow_up:").select_related("recipient")
    assert [row.recipient for row in told] == [buyer]
    with pytest.raises(DomainError, match="tình hình"):
        answer_follow_up(first, outcome="moon", by=buyer)
    answer_follow_up(first, outcome="in_use", note="Hai ca mỗi ngày", by=buyer)
    assert (first.outcome, first.answered_by) == ("in_use", buyer)
    with pytest.raises(InvalidTransition, match="đã được trả lời"):
        answer_follow_up(first, outcome="trial", by=buyer)
    terminate_deal(deal, reason="breach", by=buyer)
    frozen_clock.move(days=600)
    assert follow_up() == 0


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
    ],
)
def test_months_are_of_the_calendar(day, months, then):
    assert months_after(day, months) == then


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_each_side_is_asked_once(
    contract, firm, institute, buyer, inventor, kill_stage
):
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    FollowUp.objects.update(due_on=clock.today())
    killed = kill_stage(
        "ask_batch(limit=1)",
        "from marketplace.deals.services.follow_ups import ask_batch",
        count=3,
        most=25,
        at=clock.now().isoformat(),
    )
    while ask_batch():
        pass
    assert killed >= 2
    assert not FollowUp.objects.filter(asked_at=None).exists()
    assert Notice.objects.filter(dedupe_key__contains=":follow_up:").count() == 3


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_each_side_is_reminded_once_of_each_day(
    contract, firm, institute, buyer, inventor, kill_stage
):
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    today = clock.today()
    ContractRecord.objects.update(register_by=today + timedelta(days=9), remind_on=today)
    killed = kill_stage(
        "remind_batch()",
        "from marketplace.deals.services.contracts import remind_batch",
        count=3,
        most=12,
        at=clock.now().isoformat(),
    )
    while registration():
        pass
    assert killed >= 2
    assert ContractRecord.objects.get().remind_on > today
    told = Notice.objects.filter(dedupe_key__endswith=f":register:{contract.key}:{today}")
    assert {row.recipient_id for row in told} == {buyer.pk, inventor.pk}
    assert told.count() == 2


# --- pages ------------------------------------------------------------------------------------------


def form_of(terms):
    data = {"price_form": terms.price_form, "currency": terms.currency}
    data |= {f"content_{code}": text for code, text in terms.contents.items()}
    for number, line in enumerate(terms.plan, start=1):
        data |= {
            f"plan_{number}_title": line.title,
            f"plan_{number}_amount": str(line.amount),
            f"plan_{number}_due": line.due_on,
        }
    return data


def test_talked_out_and_drawn_from_the_pages(deal, firm, institute, buyer, inventor, client):
    def go(name, *more):
        return reverse(f"deals:{name}", args=[deal.public_id, *more])

    client.force_login(buyer)
    assert client.post(go("offer_terms"), {"price_form": "instalments"}).status_code == 400
    assert client.post(go("offer_terms"), form_of(TERMS)).status_code == 302
    client.force_login(inventor)
    second = form_of(changed(price="Đã gồm thuế")) | {"tra-loi": "1"}
    assert client.post(go("offer_terms"), second).status_code == 302
    client.force_login(buyer)
    page = client.get(go("terms")).content.decode()
    assert "<ins>Đã</ins>" in page
    sheet = TermSheet.objects.get(number=2)
    assert client.post(go("accept_terms", 2), {"sha256": sheet.sha256}).status_code == 302
    assert client.post(go("draw_contract")).status_code == 302
    page = client.get(go("contract")).content.decode()
    assert "Quy trình sấy lạnh" in page
    assert client.get(go("contract_pdf"))["Content-Type"] == "application/pdf"
    assert client.get(go("contract_docx")).content.startswith(b"PK")
    # Who leads is no signatory, and a signatory is asked for a second factor first.
    contract = ContractRecord.objects.get()
    form = {"sha256": contract.sha256}
    DealMember.objects.filter(user=buyer).update(role="signatory")
    answer = client.post(go("confirm_contract"), form)
    assert answer.status_code == 302
    assert "2fa" in answer["Location"]
    assert not contract.confirmations.exists()


@pytest.mark.parametrize(
    ("currency", "written", "kept", "shown"),
    [
        ("USD", "12.500,50", 1_250_050, "12.500,50 USD"),
        ("USD", "12 500 USD", 1_250_000, "12.500,00 USD"),
        ("JPY", "1.200.000", 1_200_000, "1.200.000 JPY"),
        ("KWD", "7,125", 7_125, "7,125 KWD"),
        ("VND", "1,2 tỷ", 1_200_000_000, "1.200.000.000 đ"),
    ],
)
def test_a_version_in_another_currency_is_kept_in_its_smallest_unit(
    deal, firm, institute, buyer, inventor, client, currency, written, kept, shown
):
    client.force_login(buyer)
    form = form_of(TERMS) | {"currency": currency, "plan_1_amount": written, "plan_2_amount": "90"}
    assert client.post(reverse("deals:offer_terms", args=[deal.public_id]), form).status_code == 302
    sheet = TermSheet.objects.get()
    assert (sheet.content["currency"], sheet.plan[0]["amount"]) == (currency, kept)
    page = client.get(reverse("deals:terms", args=[deal.public_id])).content.decode()
    assert shown in page
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    contract = contracts.draw_contract(deal, by=buyer)
    confirm(contract, firm, buyer)
    confirm(contract, institute, inventor)
    first = deal.milestones.get(number=1)
    assert (first.amount, first.currency) == (kept, currency)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "USD", "plan_1_amount": "12,505"},
        {"currency": "USD", "plan_1_amount": "1,2 tỷ"},
        {"currency": "JPY", "plan_1_amount": "0,5"},
        {"currency": "XXX"},
    ],
)
def test_what_a_currency_does_not_know_is_shown_again(deal, buyer, client, wrong):
    client.force_login(buyer)
    url = reverse("deals:offer_terms", args=[deal.public_id])
    answer = client.post(url, form_of(TERMS) | wrong)
    assert answer.status_code == 400
    assert not TermSheet.objects.exists()


def test_who_may_bargain(deal, sheet, firm, institute, buyer, inventor, desk, client):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    doors = {
        "offer_terms": ([], form_of(changed(term="Năm năm")) | {"tra-loi": "1"}, {"buyer", "inventor"}),
        "accept_terms": ([1], {"sha256": sheet.sha256}, {"inventor"}),
        "withdraw_terms": ([1], {}, {"buyer"}),
    }  # fmt: skip
    for who, person in cast.items():
        client.force_login(person)
        for name, (more, form, may) in doors.items():
            with transaction.atomic():
                url = reverse(f"deals:{name}", args=[deal.public_id, *more])
                answer = client.post(url, form)
                # The other side finds the door and is told why it is not theirs.
                assert answer.status_code == (302 if who in ("buyer", "inventor") else 404), who
                moved = list(TermSheet.objects.values_list("state")) != [("offered",)]
                assert moved == (who in may), (who, name)
                transaction.set_rollback(True)
