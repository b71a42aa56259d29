"""Descriptions for machines (schema.org) as a block of data in a page: it is no script, so the policy allows it."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(described: dict[str, Any]) -> SafeString:
    """The description as a block of data in the page; text of a record cannot end the block."""
    text = json.dumps({"@context": "https://schema.org"} | described, ensure_ascii=False)
    return mark_safe(  # noqa: S308 - everything that could be markup is escaped
        f'<script type="application/ld+json">{text.translate(_ESCAPED)}</script>'
    )


def stated(described: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in described.items() if value not in (None, "", [], {})}
