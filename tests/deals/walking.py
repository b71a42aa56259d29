"""A deal from the first interest to a paid milestone, as people and stages walk it: each step looks for what is there,
so that it goes on wherever it was ended."""

from typing import Any

from django.db.models import Count

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.deals.models import Deal, ExpressionOfInterest, SheetAcceptance
from marketplace.deals.services import accept_interest, express_interest
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.disclosure import accept_agreement, agreement_of
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.deals.states import ContractState, SheetState
from marketplace.notifications.models import Notice
from marketplace.payments.models import PayeeAccount, Posting, Receipt
from marketplace.payments.services import ledger
from marketplace.payments.services.nightly import _books
from marketplace.payments.services.payments import request_milestone_payment
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.statements import import_statement
from marketplace.payments.services.telling import tell_batch
from tests.factories.deals import offered_terms


def walk(subject: Any, *, asker: Any, buying: Any, selling: Any) -> None:
    """`buying` and `selling` are one person of each side; the seller has a verified account."""
    kind, seller = subject.KIND, subject.organization
    rows = ExpressionOfInterest.objects.filter(kind=kind, subject_id=subject.pk, asker=asker)
    interest = rows.first() or express_interest(
        subject, kind=kind, asker=asker, why="Cần cho vụ tới", wants="quote", by=buying
    )
    deal = Deal.objects.filter(origin=interest).first() or accept_interest(interest, by=selling)
    sides = ((asker, buying), (seller, selling))
    for side, person in sides:
        agreement = agreement_of(deal)
        if not (agreement.pk and agreement.acceptances.filter(organization=side).exists()):
            accept_agreement(
                deal, side=side, sha256=agreement.sha256, signed_as="lead",
                by_second_factor=False, by=person,
            )  # fmt: skip
    sheet = deal.sheets.first() or offer_terms(deal, offered_terms(), side=seller, by=selling)
    if sheet.state == SheetState.OFFERED:
        accept_terms(sheet, side=asker, sha256=sheet.sha256, by=buying)
    contract = deal.contracts.first() or draw_contract(deal, by=selling)
    for side, person in sides:
        if not contract.confirmations.filter(organization=side).exists():
            confirm_contract(
                contract, side=side, sha256=contract.sha256, signed_as="owner", by=person
            )
    _pay(deal, selling)


def _pay(deal: Deal, selling: Any) -> None:
    milestone = deal.milestones.order_by("number").select_related("deal").first()
    assert milestone is not None
    account = PayeeAccount.objects.of(deal.seller).verified().filter(kind="bank").get()
    payment = milestone.payments.first() or request_milestone_payment(
        milestone, account=account, by=selling
    )
    name = f"{deal.public_id}.csv"
    if not account.statements.filter(file_name=name).exists():
        rows = (
            "Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung giao dịch",
            f"{clock.today():%d/%m/%Y},FT{deal.public_id},{payment.amount},{payment.reference}",
        )
        import_statement(account, data="\n".join(rows).encode(), file_name=name, by=selling)
    for stage in (reconcile_batch, tell_batch):
        while stage():
            pass


def outcome(subject: Any) -> dict[str, Any]:
    """What is there, without names that each run makes anew."""
    interests = ExpressionOfInterest.objects.filter(kind=subject.KIND, subject_id=subject.pk)
    deals = Deal.objects.filter(origin__in=interests)
    keys = list(deals.values_list("public_id", flat=True))
    audited = AuditEntry.objects.filter(subject__in=[f"deal:{key}" for key in keys])
    notices = Notice.objects.filter(dedupe_key__startswith=f"deal:{keys[0]}:" if keys else "-")
    receipts = Receipt.objects.filter(payment__milestone__deal__in=deals)
    postings = Posting.objects.filter(payment__milestone__deal__in=deals)
    return {
        "interests": sorted(interests.values_list("state", flat=True)),
        "deals": sorted(deals.values_list("state", flat=True)),
        "sheets": sorted(deals.values_list("sheets__number", "sheets__state")),
        "acceptances": SheetAcceptance.objects.filter(sheet__deal__in=deals).count(),
        "contracts": sorted(
            deals.values_list("contracts__state").annotate(n=Count("contracts__confirmations"))
        ),
        "milestones": sorted(deals.values_list("milestones__number", "milestones__state")),
        "payments": sorted(
            deals.filter(milestones__payments__isnull=False).values_list(
                "milestones__payments__state", "milestones__payments__received"
            )
        ),
        "receipts": sorted(receipts.values_list("amount", flat=True)),
        "postings": sorted(postings.values_list("what", "amount")),
        "audit": sorted(audited.values_list("action", flat=True)),
        "notices": sorted(notices.values_list("recipient__email", "kind")),
    }


def faults_of_books(organizations: Any) -> list[str]:
    """Where the books do not bear out the rows, or a side still owes what was paid."""
    found = [] if _books()[1] == 0 else ["the books do not bear out the payments"]
    drafts = ContractState.DRAFT
    for one in organizations:
        sums = ledger.balances(one)
        if sum(sums.values()):
            found.append(f"the book of {one} is out of balance: {sums}")
    if Deal.objects.filter(state="contracted", contracts__state=drafts).exists():
        found.append("a deal is contracted by a draft")
    return found
