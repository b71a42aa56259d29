"""Where a record came from, for pages of apps that know no sources."""

from typing import Any

from django import template

from marketplace.sources.models import Source

register = template.Library()


@register.inclusion_tag("sources/_origin.html", takes_context=True)
def origin(context: template.Context, record: Any) -> dict[str, Any]:
    """The record's number, its source by name where the reader may see that source's page, and the day."""
    readers = Source.objects.visible_to(context["request"].user)
    return {"record": record, "source": readers.filter(slug=record.source).first()}
