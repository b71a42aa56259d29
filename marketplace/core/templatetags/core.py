from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from marketplace.core.idempotency import FIELD, new_key

register = template.Library()


@register.simple_tag
def idempotency() -> SafeString:
    """The hidden field that makes a repeated POST answer with the first result."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())
