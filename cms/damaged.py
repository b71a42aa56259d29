"""Values that lost letters on their way: by source and run, each with the way to correct it."""

from collections.abc import Iterable
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from cms.corrections import correct_url, field_label, shown_value
from cms.desks import DeskMenuItem, DeskView, menu_item
from marketplace.research.models import Sourced
from marketplace.sources.damaged import damaged_texts
from marketplace.sources.models import Correction, Fault
from marketplace.sources.registers import REGISTERS, RESULTS, register_of
from marketplace.sources.services.values import plain

PAGE: Final = 50
_LONGEST_NUMBER: Final = 18


class DamagedView(DeskView):
    of = Correction
    seen_with = "add"
    template_name = "cms/damaged_texts.html"
    page_title = gettext_lazy("Chữ bị mất")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        source = asked.get("nguon", "").replace("\0", "")
        run = asked.get("lan-nhap", "")
        is_number = run.isascii() and run.isdecimal() and len(run) <= _LONGEST_NUMBER
        found = damaged_texts(run=int(run) if is_number else None)
        if source:
            found = found.filter(run__source=source)
        is_corrected = asked.get("trang-thai") == "da-sua"
        page = Paginator(found.filter(is_corrected=is_corrected), PAGE).get_page(asked.get("page"))
        kept = asked.copy()
        kept.pop("page", None)
        kept.pop("trang-thai", None)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": _rows(page.object_list),
            "is_corrected": is_corrected,
            "is_narrowed": bool(source or is_number),
            "source": source,
            "kept": kept.urlencode(),
            "open_count": found.filter(is_corrected=False).count(),
        }


def _rows(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Each with its result and what the field says now."""
    faults = list(faults)
    places = Q(pk__in=[])
    for source in {one.run.source_id for one in faults}:
        ids = {one.source_id for one in faults if one.run.source_id == source and one.source_id}
        places |= Q(source=source, source_id__in=ids)
    records: dict[tuple[str, str], Sourced] = {}
    # A fault does not say of which register its record is: where several have the id, it is a result's.
    for register in reversed(REGISTERS.values()):
        rows = register.model._default_manager.filter(places)
        records |= {(one.source, one.source_id): one for one in rows}
    return [_row(one, records.get((one.run.source_id, one.source_id))) for one in faults]


def _row(fault: Fault, result: Sourced | None) -> dict[str, Any]:
    register = RESULTS if result is None else register_of(result)
    may_correct = fault.field in register.correctable
    url = value = ""
    if result is not None:
        url = correct_url(result)
    if result is not None and may_correct:
        url = f"{url}?truong={fault.field}"
        value = shown_value(fault.field, plain(result, fault.field), register)
    return {
        "fault": fault,
        "result": result,
        "field": field_label(fault.field, register) if may_correct else fault.column,
        "value": value,
        "url": url,
    }


def damaged_urls() -> list[URLPattern]:
    return [path("chu-bi-mat/", DamagedView.as_view(), name="damaged_texts")]


def damaged_menu_item() -> DeskMenuItem:
    return menu_item(DamagedView, gettext_lazy("Chữ bị mất"), "damaged_texts", order=80)
