from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marketplace.core.templatetags.design import date_vi, vi_number

register = template.Library()
HEIGHT, WIDTH, GAP = 80, 12, 4


@register.simple_tag
def bar_chart(days: Sequence[tuple[date, int]]) -> SafeString:
    """Numbers of consecutive days as bars; the same numbers stand in a table beneath."""
    most = max((count for _day, count in days), default=0) or 1
    step = WIDTH + GAP
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1"><title>{}: {}</title></rect>',
        (
            (
                place * step,
                HEIGHT - _tall(count, most),
                WIDTH,
                _tall(count, most),
                date_vi(day),
                vi_number(count),
            )
            for place, (day, count) in enumerate(days)
        ),
    )
    label = _("Lượt xem mỗi ngày, nhiều nhất %(most)s") % {"most": vi_number(most)}
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>',
        label,
        len(days) * step - GAP,
        HEIGHT,
        bars,
    )


def _tall(count: int, most: int) -> int:
    """At least a line, so that a day without views is seen as a day."""
    return max(1, round(count / most * HEIGHT))
