"""What kinds of supply are called, where a page or a mail knows only the code."""

from django import template

from marketplace.accounts.supply import supply_kinds

register = template.Library()


@register.filter
def supply_noun(code: str) -> str:
    """The kind in words, as "kết quả nghiên cứu"; of one that is not registered any more the code."""
    kind = supply_kinds().get(code)
    return str(kind.noun) if kind else code
