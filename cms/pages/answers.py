"""How staff read what readers answered. Given to the page when the apps are ready: it needs them."""

from typing import Any

from wagtail.contrib.forms.views import SubmissionsListView

from marketplace.core.cells import harmless


class AnswerListView(SubmissionsListView):
    """Wagtail's list and export; what readers typed runs in no spreadsheet."""

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        row = super().to_row_dict(item)
        return {
            name: [harmless(str(one)) for one in value]
            if isinstance(value, list)
            else (harmless(value) if isinstance(value, str) else value)
            for name, value in row.items()
        }
