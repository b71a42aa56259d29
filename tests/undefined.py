"""Makes an undefined variable in one of our own templates a failure.

Django prints nothing for it, so a misspelt name is seen by readers first. Templates of Django, Wagtail
and allauth count on that and are left alone, as is what a template asks with `{% if %}`.
"""

import sys
from pathlib import Path
from types import FrameType

from django.template.base import Node

OURS = str(Path(__file__).resolve().parent.parent / "templates")


class UndefinedVariable(Exception):
    """A template of ours names something that its context does not have."""


class FailingText(str):
    """Takes the place of Django's `string_if_invalid`, which it tests, searches for %s and fills in."""

    __slots__ = ()

    def __new__(cls) -> "FailingText":
        return super().__new__(cls, "")

    def __bool__(self) -> bool:
        return _template().startswith(OURS)

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"{variable} in {_template()}")


def _template() -> str:
    """The file of the template node that is being rendered."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "render_annotated":
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None) if isinstance(node, Node) else None
            if origin is not None:
                return str(origin.name)
        frame = frame.f_back
    return ""
