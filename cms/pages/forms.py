"""The admin's form of a page."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from marketplace.core.text import slugify
from marketplace.taxonomy.choices import choices, grouped_choices
from marketplace.taxonomy.provinces import province_choices


class SitePageForm(WagtailAdminPageForm):
    """Codes are chosen by their names, and an address has no marks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Django asks for what stood there at first where a default is a function, and Wagtail never
            # writes it: every page would be changed, and what is signed would begin its chain anew.
            field.show_hidden_initial = False
        if "field_codes" in self.fields:
            field = self.fields["field_codes"]
            self.fields["field_codes"] = forms.MultipleChoiceField(
                choices=grouped_choices("st-fields"),
                label=field.label,
                help_text=field.help_text,
                required=False,
                widget=forms.SelectMultiple(attrs={"size": 10}),
            )
        if "field_code" in self.fields:
            self._choose("field_code", choices("st-fields"))
        if "province_code" in self.fields:
            self._choose("province_code", province_choices())

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        self.fields[name] = forms.ChoiceField(
            choices=[("", "—"), *options], label=field.label, required=field.required
        )

    def clean_title(self) -> str:
        """Of one line, though its field wraps."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        """As every address of the site: without marks, however Wagtail's script or a person wrote it."""
        return slugify(self.cleaned_data["slug"])
