from collections.abc import Iterable

from django import template

from marketplace.taxonomy import labels

register = template.Library()


@register.filter
def term(code: str, scheme: str) -> str:
    """`{{ need.province_code|term:"provinces" }}`"""
    return labels.label(scheme, str(code)) if code not in (None, "") else ""


@register.filter
def terms(codes: Iterable[str], scheme: str) -> list[str]:
    """`{{ need.field_codes|terms:"st-fields"|join:", " }}`"""
    return labels.labels(scheme, codes or ())
