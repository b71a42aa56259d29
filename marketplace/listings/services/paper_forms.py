"""A paper form becomes a draft, or fills one: what can be read goes into its fields, all else into a note."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core.errors import DomainError
from marketplace.core.text import fold
from marketplace.listings.models import Listing
from marketplace.listings.paper_forms.editions import Line, forms_on
from marketplace.listings.paper_forms.reading import Answers
from marketplace.listings.paper_forms.steps import read_step
from marketplace.listings.services.drafts import (
    MOST_ATTACHMENTS,
    add_files,
    create_draft,
    draft_of,
    save_draft,
)
from marketplace.listings.services.rows import locked, record
from marketplace.listings.wizard import STEPS, Step, StepPage

#: What the ordinary form takes into its confidential part.
_LONGEST_NOTE: Final = 6000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is written on a line and cannot be read."""

    step: str
    label: str
    written: str
    expected: str


@transaction.atomic
def draft_from_form(
    answers: Answers,
    *,
    organization: Organization,
    contact: User,
    by: User,
    exchange: Exchange | None = None,
) -> Listing:
    """A new draft of the organisation, of the kind that the form is for."""
    listing = create_draft(
        answers.form.kind, organization=organization, contact=contact, by=by, exchange=exchange
    )
    return fill_from_form(listing, answers=answers, by=by)


@transaction.atomic
def fill_from_form(listing: Listing, *, answers: Answers, by: User) -> Listing:
    """Writes a form that came back into a draft; lines left empty change nothing.

    What cannot be read stays beside its field as it was typed, as in the ordinary form; what no field takes
    goes into the confidential part as a note, and the file itself is kept as a confidential document.

    Raises:
        DomainError: the form is for another kind of listing, or there is no room for the file.
    """
    if answers.form.kind != listing.KIND:
        raise DomainError(
            _("Phiếu %(code)s dành cho loại tin khác. Tạo tin mới từ phiếu này.")
            % {"code": answers.form.code}
        )
    if draft_of(locked(listing)).attachments.count() >= MOST_ATTACHMENTS:
        raise DomainError(
            _("Tin đã có %(most)d tài liệu. Bỏ bớt một tài liệu để giữ lại phiếu.")
            % {"most": MOST_ATTACHMENTS}
        )
    notes = _notes(listing, answers)
    for step in STEPS[listing.KIND]:
        lines = [
            line
            for line in answers.form.lines
            if line.number in answers.written and line.field in step.names
        ]
        if lines:
            notes += _write_step(listing, step, lines, answers, by=by)
    if notes:
        _keep_note(listing, answers, notes, by=by)
    add_files(listing, documents=[answers.file], confidential=True, by=by)
    record("form_read", listing, by, form=answers.form.mark, notes=len(notes))
    return type(listing).objects.get(pk=listing.pk)


def _write_step(
    listing: Listing, step: Step, lines: list[Line], answers: Answers, *, by: User
) -> list[str]:
    """Writes the lines of one step, and gives what of them no list knows."""
    labels = {line.field: line.label for line in lines}
    texts = {line.field: answers.written[line.number] for line in lines}
    read = read_step(draft_of(locked(listing)), step, texts)
    save_draft(listing, changes=read.changes, unread=read.unread, step=step.slug, by=by)
    return [f"{labels[name]}: {words}" for name, words in read.notes]


def _notes(listing: Listing, answers: Answers) -> list[str]:
    """What no field takes: lines of notes, what differs from the organisation's profile, all the rest."""
    notes = []
    for line in answers.form.lines:
        text = answers.written.get(line.number, "")
        if not text or line.field:
            continue
        known = str(getattr(listing.organization, line.shows)) if line.shows else ""
        if fold(text) != fold(known):
            notes.append(f"{line.label}: {text}")
    return [*notes, *answers.rest]


def _keep_note(listing: Listing, answers: Answers, notes: list[str], *, by: User) -> None:
    before = draft_of(locked(listing)).confidential
    heading = f"Ghi trong phiếu {answers.form.code}, chưa xếp vào mục nào:"
    text = "\n".join([*([before, ""] if before else []), heading, *notes])
    if len(text) > _LONGEST_NOTE:
        more = "… (phần còn lại xem trong tệp phiếu đính kèm)"
        text = text[: _LONGEST_NOTE - len(more)] + more
    save_draft(listing, changes={"confidential": text}, by=by)


def faults_of(listing: Listing) -> list[Fault]:
    """What stands in the draft as it was typed and cannot be read: line by line, with what is expected."""
    draft, found = draft_of(listing), []
    for step in STEPS[listing.KIND]:
        typed: dict[str, Any] = listing.draft_inputs.get(step.slug, {})
        if not typed:
            continue
        form = StepPage(step, draft).form
        form.is_valid()
        for name, errors in form.errors.items():
            if name in form.fields:
                label, texts = form.fields[name].label, typed.get(name, [])
                found.append(
                    Fault(
                        step.slug,
                        str(label),
                        "; ".join(map(str, texts)),
                        " ".join(map(str, errors)),
                    )
                )
    return found


def forms_of(kind: str) -> list[Any]:
    return [form for form in forms_on() if form.kind == kind]
