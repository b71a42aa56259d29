"""Takes the markup out of a text that was copied with it from a page, a mail or a document."""

import html
import re

_BLOCK = re.compile(
    r"<\s*(?:script|style)\b[^>]{0,200}>.{0,20000}?<\s*/\s*(?:script|style)\s*>", re.S | re.I
)
_LINE = re.compile(r"<\s*/?\s*(?:br|p|div|li|tr|h[1-6]|ul|ol|table)\b[^<>]{0,500}>", re.I)
# A tag begins with a letter: "<50 bar" and "<= 5" are none.
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,2000}>|<!--.{0,2000}?-->", re.S)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_MARKDOWN = re.compile(
    r"(?m)^[ \t]{0,3}#{1,6}[ \t]+|\*\*|__(?=\S)|(?<=\S)__|`{1,3}|^[ \t]*>[ \t]|^[ \t]*[-=_*]{3,}[ \t]*$"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\(\s*[^()\s]{0,1000}\s*\)")
_BLANKS = re.compile(r"[ \t\u00a0]{2,}")
_GAPS = re.compile(r"\n\s*\n\s*\n+")


def plain_text(text: str) -> str:
    """The words alone. A text without any markup comes back as it was."""
    if "<" in text:
        text = _TAG.sub(" ", _LINE.sub("\n", _BLOCK.sub(" ", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    cleaned = _MARKDOWN.sub("", text)
    return _GAPS.sub("\n\n", _BLANKS.sub(" ", cleaned)) if cleaned != text else text
