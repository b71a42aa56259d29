"""Answers written in words, read by the fields of one step of the ordinary form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.listings.models import Listing
from marketplace.listings.paper_forms.values import posted, step_and_field
from marketplace.listings.wizard import Step, StepPage


@dataclass(slots=True)
class StepRead:
    """
    Attributes:
        changes: values by field, of what was written and can be read.
        unread: what was written and cannot be, as the draft keeps it.
        notes: field and words, of what its list does not know.
        faults: field and what it expects, of what cannot be read.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_step(draft: Listing, step: Step, written: Mapping[str, str]) -> StepRead:
    """Reads what is written for fields of a step over what the draft says; nothing is saved."""
    read = StepRead()
    initial = {name: getattr(draft, name) for name in step.form.base_fields if name != "contact"}
    initial |= {"contact": draft.contact_id} if "contact" in step.form.base_fields else {}
    data = step.form.as_posted(initial, {})
    names: set[str] = set()
    for name, text in written.items():
        _step, own = step_and_field(draft.KIND, name)
        values, unknown = posted(name, own, text)
        read.notes += [(name, words) for words in unknown]
        if not any(any(texts) for texts in values.values()):
            continue
        for key in [key for key in data if key == name or key.startswith(f"{name}_")]:
            if key == name or key.rpartition("_")[2].isdecimal():
                del data[key]
        for key, texts in values.items():
            data.setlist(key, texts)
        names.add(name)
        if name == "price_min" and not data.get("price_mode"):
            data["price_mode"] = "reference"
            names.add("price_mode")
    page = StepPage(step, draft, posted=data)
    read.changes = {name: value for name, value in page.changes().items() if name in names}
    unread = draft.draft_inputs.get(step.slug, {}) | page.unread()
    read.unread = {name: texts for name, texts in unread.items() if name not in read.changes}
    read.faults = [
        (name, " ".join(map(str, errors)))
        for name, errors in page.form.errors.items()
        if name in names
    ]
    return read
