"""The contract record: drawn, confirmed by both, signed, registered. Entry points authorize."""

import hashlib
import io
from datetime import date
from typing import Any, Final

import pypdf
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from pypdf.errors import PyPdfError

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.currencies import shown
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.core.uploads import PDF, CheckedFile
from marketplace.deals.contents import edition_on
from marketplace.deals.kinds import DEAL_KINDS
from marketplace.deals.models import (
    ContractConfirmation,
    ContractRecord,
    Deal,
    SignedCopy,
    TermSheet,
)
from marketplace.deals.notices import deals as notices
from marketplace.deals.registering import next_reminder
from marketplace.deals.services.credits import credit_finder
from marketplace.deals.services.disclosure import StaleText
from marketplace.deals.services.follow_ups import plan_follow_ups
from marketplace.deals.services.milestones import PlannedMilestone, plan_milestones
from marketplace.deals.services.readiness import plan_readiness
from marketplace.deals.services.rows import locked, locked_running, move, subject_of
from marketplace.deals.services.signatures import STAGE as SIGNATURES
from marketplace.deals.services.terms import PRICE_FORMS, digest_of
from marketplace.deals.states import CONTRACT_TRANSITIONS, ContractState, DealState, SheetState
from marketplace.taxonomy.labels import label

STAGE: Final = "deals.registration"
#: What the parties say about the transfer.
FACTS: Final = (
    "direction", "is_transfer", "uses_state_funds", "has_certificate", "is_licensed",
    "transfer_form", "transfer_methods", "country",
)  # fmt: skip


@transaction.atomic
def draw_contract(deal: Deal, *, by: User) -> ContractRecord:
    """Draws the contract from the terms that both accepted.

    Raises InvalidTransition where no terms are agreed, or a draft stands already.
    """
    row = locked_running(deal)
    if row.state != DealState.AGREED:
        raise InvalidTransition(_("Hợp đồng được soạn từ điều khoản mà hai bên đã chấp thuận."))
    sheet = row.sheets.get(state=SheetState.ACCEPTED)
    edition = edition_on(clock.today())
    sections = _sections(row, sheet)
    try:
        with transaction.atomic():
            made = ContractRecord.objects.create(
                deal=row,
                sheet=sheet,
                edition=edition.version,
                sections=sections,
                sha256=digest_of({"sections": sections}),
                is_transfer=row.kind not in ("service", "equipment_hire", "equipment_sale"),
                drawn_by=by,
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Đã có bản thảo hợp đồng.")) from error
    _record("drawn", made, by)
    notices.tell_both(row, "contract_drawn", by=by, key=f"drawn:{made.key}")
    return made


def _sections(deal: Deal, sheet: TermSheet) -> list[list[str]]:
    """The lines of the contract, in Vietnamese whoever draws it."""
    edition = edition_on(clock.today())
    words = {
        "title": deal.title,
        "seller": deal.seller.name,
        "buyer": deal.buyer.name,
        "kind": label(DEAL_KINDS, deal.kind, "vi"),
        "number": sheet.number,
        "sha256": sheet.sha256,
    }
    sections = [[edition.heading, edition.preamble.format(**words)]]
    with translation.override("vi"):
        for content in edition.contents:
            text = sheet.contents.get(content.code, "")
            if content.code == "price":
                text = "\n".join(
                    [label(PRICE_FORMS, sheet.content["price_form"], "vi"), text, *_plan(sheet)]
                )
            if text:
                sections.append([f"Điều {len(sections)}. {content.label_vi}", text])
    sections.append(["", edition.closing.format(**words)])
    return sections


def _plan(sheet: TermSheet) -> list[str]:
    lines = []
    for number, line in enumerate(sheet.plan, start=1):
        due = f", hạn {date.fromisoformat(line['due_on']):%d/%m/%Y}" if line["due_on"] else ""
        lines.append(
            f"Mốc {number}: {line['title']}, {shown(line['amount'], sheet.content['currency'])}{due}"
        )
    return lines


@transaction.atomic
def confirm_contract(
    contract: ContractRecord, *, side: Organization, sha256: str, signed_as: str, by: User
) -> bool:
    """One side confirms the text; with the second one the contract is in force and its milestones stand.

    The entry point has asked for a second factor.

    Returns whether both have confirmed now.

    Raises:
        StaleText: it is not the text that was read.
        InvalidTransition: this side has confirmed already, or the draft was discarded.
    """
    deal = locked_running(contract.deal)
    row = ContractRecord.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if row.state != ContractState.DRAFT:
        raise InvalidTransition(
            _("Không làm được nữa: hợp đồng này %(state)s.")
            % {"state": str(row.get_state_display()).lower()}
        )
    if row.sha256 != sha256:
        raise StaleText(_("Văn bản đã thay đổi. Hãy đọc lại rồi chấp thuận."))
    try:
        with transaction.atomic():
            ContractConfirmation.objects.create(
                contract=row, organization=side, confirmed_by=by, signed_as=signed_as, sha256=sha256
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Tổ chức bạn đã xác nhận hợp đồng này.")) from error
    _record("confirmed_by_side", row, by, side=side.public_id, signed_as=signed_as)
    if row.confirmations.count() < 2:
        notices.tell_side(deal, deal.other(side), "contract_waits", by=by, key=f"waits:{row.key}")
        return False
    transition(
        row,
        ContractState.CONFIRMED,
        table=CONTRACT_TRANSITIONS,
        by=by,
        also={"confirmed_at": clock.now()},
    )
    move(deal, DealState.CONTRACTED, by=by)
    plan_milestones(deal, plan=_milestones(row.sheet), by=by)
    _set_clock(row)
    plan_follow_ups(deal, signed_on=clock.today())
    plan_readiness(deal, by=by)
    credit_finder(deal)
    contract.refresh_from_db()
    notices.tell_both(deal, "contracted", by=by, key=f"contracted:{row.key}")
    return True


def _milestones(sheet: TermSheet) -> list[PlannedMilestone]:
    return [
        PlannedMilestone(
            title=line["title"],
            amount=line["amount"],
            currency=sheet.content["currency"],
            due_on=date.fromisoformat(line["due_on"]) if line["due_on"] else None,
        )
        for line in sheet.plan
    ]


@transaction.atomic
def say_facts(contract: ContractRecord, *, facts: dict[str, Any], by: User) -> ContractRecord:
    """What the parties say of the transfer; whether and by when it is registered follows from it."""
    locked(contract.deal)
    row = ContractRecord.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if row.registered_on is not None:
        raise InvalidTransition(_("Hợp đồng này đã ghi số đăng ký."))
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save(update_fields=list(FACTS))
    _set_clock(row)
    contract.refresh_from_db()
    _record("facts", row, by, duty=row.duty.code)
    return row


def _set_clock(row: ContractRecord) -> None:
    """The last day and the next reminder, once both have confirmed."""
    due, remind = None, None
    if row.confirmed_at is not None and row.registered_on is None:
        due = row.duty.due_on
        signed = row.confirmed_at.astimezone(clock.VIETNAM).date()
        if due is not None:
            remind = next_reminder(due, signed_on=signed, after=clock.today())
    ContractRecord.objects.filter(pk=row.pk).update(register_by=due, remind_on=remind)
    row.register_by, row.remind_on = due, remind


@transaction.atomic
def record_registration(
    contract: ContractRecord, *, number: str, registered_on: date, by: User
) -> None:
    """The certificate of registration was given: its number and day."""
    locked(contract.deal)
    row = ContractRecord.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if row.state != ContractState.CONFIRMED:
        raise InvalidTransition(_("Chỉ ghi đăng ký cho hợp đồng hai bên đã xác nhận."))
    if row.registered_on is not None:
        raise InvalidTransition(_("Hợp đồng này đã ghi số đăng ký."))
    if not number.strip() or registered_on > clock.today():
        raise DomainError(_("Ghi số và ngày đăng ký, không sau hôm nay."))
    row.registration_number, row.registered_on = number.strip()[:60], registered_on
    row.remind_on = None
    row.save(update_fields=["registration_number", "registered_on", "remind_on"])
    contract.refresh_from_db()
    _record("registered", row, by)
    notices.tell_both(contract.deal, "registered", by=by, key=f"registered:{row.key}")


def remind_batch(limit: int = 50) -> int:
    """Reminds both sides of contracts whose registration is due; each reminder once."""
    due = ContractRecord.objects.filter(remind_on__lte=clock.today())
    keys = due.order_by("remind_on", "pk").values_list("pk", flat=True)
    return sum(_remind(pk) for pk in keys[:limit])


@transaction.atomic
def _remind(pk: int) -> int:
    rows = ContractRecord.objects.filter(remind_on__lte=clock.today(), pk=pk)
    row = rows.select_for_update(of=("self",)).first()
    if row is None or row.register_by is None or row.confirmed_at is None:
        return 0
    notices.tell_both(row.deal, "register", by=STAGE, key=f"register:{row.key}:{row.remind_on}")
    signed = row.confirmed_at.astimezone(clock.VIETNAM).date()
    following = next_reminder(row.register_by, signed_on=signed, after=clock.today())
    ContractRecord.objects.filter(pk=pk).update(remind_on=following)
    return 1


def add_signed_copy(
    contract: ContractRecord, *, checked: CheckedFile, side: Organization, by: User
) -> SignedCopy:
    """Keeps a signed copy. Digital signatures are counted here and checked by a tick (`services.signatures`).

    The storage may be elsewhere: the file goes there before the transaction, the row within it.
    """
    content = checked.content.read()
    checked.content.seek(0)
    if checked.content_type != PDF:
        raise DomainError(_("Bản đã ký phải là tệp PDF."))
    row = SignedCopy(
        contract=contract,
        display_name=checked.display_name,
        size=checked.size,
        sha256=hashlib.sha256(content).hexdigest(),
        signatures=signatures_in(content),
        organization=side,
        uploaded_by=by,
    )
    row.file.save(str(checked.content.name), checked.content, save=False)
    try:
        _keep_copy(row, by=by)
    except (DomainError, IntegrityError):
        row.file.storage.delete(str(row.file.name))
        same = SignedCopy.objects.filter(contract=contract, sha256=row.sha256).first()
        if same is None:
            raise
        return same
    return row


@transaction.atomic
def _keep_copy(row: SignedCopy, *, by: User) -> None:
    deal = locked(row.contract.deal)
    if ContractRecord.objects.get(pk=row.contract_id).state != ContractState.CONFIRMED:
        raise InvalidTransition(_("Tải bản đã ký lên khi hai bên đã xác nhận hợp đồng."))
    row.save()
    _record("signed_copy", row.contract, by, sha256_of_copy=row.sha256)
    notices.tell_both(deal, "signed_copy", by=by, key=f"signed:{row.key}")
    if row.signatures:
        kick(SIGNATURES)


def signatures_in(content: bytes) -> int:
    """How many signed fields a PDF says it has; 0 where it cannot be read."""
    try:
        fields = pypdf.PdfReader(io.BytesIO(content)).get_fields() or {}
        return sum(1 for one in fields.values() if one.get("/FT") == "/Sig" and one.get("/V"))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0


def _record(act: str, contract: ContractRecord, by: User, **data: Any) -> None:
    audit.record(
        f"contract.{act}", subject_of(contract.deal), by=by, contract=contract.key,
        sha256=contract.sha256, **data,
    )  # fmt: skip
