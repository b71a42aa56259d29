"""Rules of the design system that would otherwise rot unseen."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage
from fontTools.ttLib import TTFont

from cms.sites.models import SiteLook
from marketplace.accounts.templatetags.fronts import COLOURS
from marketplace.core.staticfiles import BundledCssMixin, bundled

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "marketplace" / "static"
CSS = STATIC / "css"
TEMPLATES = ROOT / "templates"
#: Linked by a single page or by mail, not part of the site's stylesheet.
APART = {
    "site.css",
    "style-guide.css",
    "certificate.css",
    "letter.css",
    "full-text-stamp.css",
    "form-paper.css",
    "issue-paper.css",
    "payment-paper.css",
}


def test_every_component_is_imported_once():
    imported = re.findall(r'@import url\("([^"]+)"\)', (CSS / "site.css").read_text())

    assert len(imported) == len(set(imported))
    assert {path.name for path in CSS.glob("*.css")} - APART == set(imported)


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_colours_are_written_in_tokens_only(path):
    if path.name in {
        "tokens.css",
        "themes.css",
        "print.css",
        "letter.css",
        "full-text-stamp.css",
        "form-paper.css",
        "issue-paper.css",
        "payment-paper.css",
    }:  # paper has no dark scheme
        return
    raw = re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text())

    assert raw == []


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_braces_are_balanced(path):
    text = path.read_text()

    assert text.count("{") == text.count("}")


def test_every_custom_property_used_is_defined():
    text = "\n".join(path.read_text() for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))

    assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined


THEMES = dict(
    re.findall(r'\[data-theme="(\w+)"\] \{\n(.*?)\n  \}', (CSS / "themes.css").read_text(), re.S)
)


def _pairs(theme: str = "") -> dict[str, tuple[str, str]]:
    text = (CSS / "tokens.css").read_text() + THEMES.get(theme, "")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["", *THEMES])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "grounds", "least"),
    [
        ("ink", "paper surface sunken action-wash evidence warn-wash care-wash good-wash", 7),
        ("ink-soft", "paper surface sunken action-wash warn-wash care-wash", 7),
        ("action", "paper surface sunken action-wash evidence", 4.5),
        ("care", "paper surface care-wash", 4.5),
        ("good", "paper surface good-wash", 4.5),
        ("warn", "paper surface warn-wash", 4.5),
        ("on-action", "action action-hover", 4.5),
        ("on-care", "care care-hover", 4.5),
        ("line-strong", "paper surface sunken", 3),
    ],
)
def test_contrast_in_both_schemes(theme, scheme, text, grounds, least):
    pairs = _pairs(theme)

    for ground in grounds.split():
        assert _contrast(pairs[text][scheme], pairs[ground][scheme]) >= least, ground


def test_themes_are_those_that_a_site_can_choose():
    assert {"", *THEMES} == set(SiteLook.Theme.values) == set(COLOURS)
    for name, text in THEMES.items():
        assert re.findall(r"--action: light-dark\((#\w{6})", text) == [COLOURS[name]]


@pytest.mark.parametrize("weight", ["400", "600"])
def test_fonts_have_every_letter_and_sign(weight):
    face = TTFont(STATIC / "fonts" / f"be-vietnam-pro-{weight}.woff2")
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones}
    needed = letters | {letter.upper() for letter in letters} | set("đĐ")
    needed |= set("0123456789×≥≤–—°²³·…₫•✓→←↑↓₀₂⁶⁻“”‘’±µ%&@\u00a0")

    assert {sign for sign in needed if ord(sign) not in face.getBestCmap()} == set()
    assert "tnum" in {item.FeatureTag for item in face["GSUB"].table.FeatureList.FeatureRecord}


def test_fonts_and_styles_leave_room_in_the_first_load():
    fonts = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2"))

    assert fonts < 35_000


def test_licence_of_the_fonts_lies_beside_them():
    assert "SIL Open Font License" in (STATIC / "fonts" / "OFL.txt").read_text()


@pytest.mark.parametrize(
    "path",
    sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_templates_hold_no_inline_style_or_script(path):
    text = path.read_text()

    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text)
    assert not re.search(r"\son[a-z]+=", text)


def test_collected_stylesheet_is_one_file_without_imports():
    source = FileSystemStorage(location=STATIC)
    paths = {f"css/{path.name}": (source, f"css/{path.name}") for path in CSS.glob("*.css")}

    text = bundled("css/site.css", paths)

    assert "@import" not in text
    assert text.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert "--paper" in text
    assert ".match-head" in text


def test_bundle_reaches_the_steps_behind_it():
    seen = {}

    class Behind:
        def post_process(self, paths, dry_run=False, **options):
            storage, name = paths["css/site.css"]
            seen["text"] = storage.open(name).read().decode()
            yield "css/site.css", "css/site.1.css", True

    class Storage(BundledCssMixin, Behind):
        pass

    source = StaticFilesStorage(location=str(STATIC))
    paths = {f"css/{path.name}": (source, f"css/{path.name}") for path in CSS.glob("*.css")}

    assert list(Storage().post_process(paths)) == [("css/site.css", "css/site.1.css", True)]
    assert "@import" not in seen["text"]
    assert paths["css/site.css"][0] is source
