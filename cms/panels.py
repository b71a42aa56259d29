"""The form in which staff correct a submission: the poster's own fields, with their hints and checks."""

import copy
from functools import partial
from html import unescape
from typing import Any

from django import forms
from django.utils.html import strip_tags
from wagtail.admin.compare import FieldComparison, diff_text
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
)

from cms.sheet import OUTLINES, ROWS, label_of, shown
from marketplace.listings import wizard
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.taxonomy.choices import choices

#: The owner alone decides what is shown, what stays confidential and what it rests on; staff read it.
_READ_ONLY = frozenset(
    {"attachments", "pictures", "results", "hide_owner", "confidential", "found_by"}
)


class ListingForm(WagtailAdminModelForm):
    """A draft may be empty; the last approval asks whether it is complete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


class ShownComparison(FieldComparison):
    """Compares two revisions in the words of the review page: names, not codes."""

    def __init__(self, name: str, obj_a: Listing, obj_b: Listing) -> None:
        self.label = label_of(obj_a, name)
        self.val_a, self.val_b = (plain(shown(one, name)) for one in (obj_a, obj_b))

    def field_label(self) -> str:
        return self.label

    def htmldiff(self) -> str:
        return str(diff_text(self.val_a, self.val_b).to_html())


def plain(value: str) -> str:
    """Markup as text; items of a list stay apart."""
    return unescape(strip_tags(value.replace("</li><li>", "; ").replace("</p>", "\n"))).strip()


class ListingPanel(FieldPanel):
    class BoundPanel(FieldPanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            return [partial(ShownComparison, self.field_name)]


class RowsPanel(InlinePanel):
    class BoundPanel(InlinePanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            return [partial(ShownComparison, self.panel.relation_name)]


class VocabularySelect(forms.Select):
    """One code of a vocabulary, asked for when the page is made."""

    def __init__(self, scheme: str, attrs: dict[str, Any] | None = None) -> None:
        self.scheme = scheme
        super().__init__(attrs)

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        self.choices = [("", "—"), *choices(self.scheme)]
        return super().optgroups(name, value, attrs)


def edit_handler_of(kind: str) -> ObjectList:
    sections: list[Panel] = [
        MultiFieldPanel(
            [_panel(name) for name in fields if name not in _READ_ONLY], heading=heading
        )
        for heading, fields in OUTLINES[kind]
        if not set(fields) <= _READ_ONLY
    ]
    return ObjectList(sections, base_form_class=form_of(kind))


def _panel(name: str) -> Panel:
    if name in ("specifications", "accreditations"):
        return RowsPanel(name, heading=ROWS[name], label=ROWS[name])
    if name == "ip_rights":
        return RowsPanel(
            name,
            panels=[
                FieldPanel("number"),
                FieldPanel("kind", widget=VocabularySelect("ip-kinds")),
                FieldPanel("status", widget=VocabularySelect("ip-statuses")),
                FieldPanel("lapses_on"),
            ],
            heading=ROWS[name],
            label=ROWS[name],
        )
    return ListingPanel(name)


def form_of(kind: str) -> type[ListingForm]:
    model: type[Listing] = LISTING_MODELS[kind]
    wanted = {name for _heading, fields in OUTLINES[kind] for name in fields} - _READ_ONLY
    declared = {
        name: copy.deepcopy(field)
        for step in wizard.STEPS[kind]
        for name, field in step.form.base_fields.items()
        if name in wanted
    }
    return type(f"{model.__name__}Form", (ListingForm,), declared)
