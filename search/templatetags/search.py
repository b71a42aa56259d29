"""What a page of any application may show of the search."""

from typing import Any

from django import template

from search.narrowed import narrowed_for
from search.registry import source
from search.similar import similar_to

register = template.Library()


@register.inclusion_tag("search/_similar.html", takes_context=True)
def more_like_this(context: template.Context, row: Any) -> dict[str, Any]:
    """A panel of objects like this one; nothing where there are none or search is down."""
    return {"items": similar(context, row)}


@register.simple_tag(takes_context=True)
def similar(context: template.Context, row: Any) -> list[dict[str, Any]]:
    request = context.get("request")
    narrowed = narrowed_for(request) if request is not None else ()
    found = similar_to(row, user=getattr(request, "user", None), narrowed=narrowed)
    return [
        {
            "kind": hit.kind,
            "key": hit.key,
            "title": hit.title,
            "object": row,
            "facts": registered.facts(row),
        }
        for hit, row in found
        if (registered := source(hit.kind)) is not None
    ]
