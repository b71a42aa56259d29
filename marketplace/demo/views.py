"""Pages that exist in demo settings only."""

from marketplace.demo.style_guide import style_guide

__all__ = ["style_guide"]
