"""What somebody signed in with, in words that they know: a browser's own name for itself says everything at once."""

from typing import Final

from django.utils.translation import gettext as _

#: The first that is found: each later one is named by those before it too.
_BROWSERS: Final = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 60


def browser_in_words(user_agent: str) -> str:
    """“Chrome trên Windows”; the beginning of what it calls itself where neither is known."""
    browser = _named(user_agent, _BROWSERS)
    system = _named(user_agent, _SYSTEMS)
    if browser and system:
        return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:_LONGEST] or _("Không rõ")


def _named(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
