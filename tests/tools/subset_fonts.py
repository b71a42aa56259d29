"""Cut the two faces of Be Vietnam Pro down to what the site prints.

    python tests/tools/subset_fonts.py <folder with BeVietnamPro-Regular.ttf, -SemiBold.ttf>

The full faces come from https://github.com/bettergui/BeVietnamPro (fonts/ttf). One file a weight
rather than one a script: Latin and Vietnamese letters then share kerning, and a page asks for two
files instead of four. The family has no arrows, no tick and no figures of one width, so the first two
are drawn here in its stroke and the last are made from its own figures (feature tnum).
"""

import sys
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

TARGET = Path(__file__).resolve().parents[2] / "marketplace" / "static" / "fonts"
FACES = {"Regular": "be-vietnam-pro-400.woff2", "SemiBold": "be-vietnam-pro-600.woff2"}

KEEP = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    # Vietnamese: breve, d with stroke, horn, and the block of letters with stacked marks.
    *(0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *range(0x1EA0, 0x1EFA),
    # Formulas and units: SpO₂, 10⁶, m⁻¹.
    *(0x2070, *range(0x2074, 0x207A), 0x207B, *range(0x2080, 0x208A)),
    # Text that arrives decomposed.
    *(0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323),
    *map(ord, "\u2009\u200a\u200b\u202f‑–—‘’‚“”„†•…‰‹›€₫™−≈≠≤≥←↑→↓✓✗"),
}


def polygon(pen: TTGlyphPen, points: list[tuple[float, float]]) -> None:
    pen.moveTo(tuple(map(round, points[0])))
    for point in points[1:]:
        pen.lineTo(tuple(map(round, point)))
    pen.closePath()


def arrow_points(stroke: float) -> list[tuple[float, float]]:
    """An arrow to the right in a 600 x 500 box around the origin."""
    half, head = stroke / 2, stroke * 0.707
    tip = 240
    return [
        (-240, -half),
        (tip - 2 * half - head * 0.2, -half),
        (tip - 190 - head / 2, -190 + head / 2 - half * 0.6),
        (tip - 190 + head / 2, -190 - head / 2 - half * 0.6),
        (tip + head * 0.4, 0),
        (tip - 190 + head / 2, 190 + head / 2 + half * 0.6),
        (tip - 190 - head / 2, 190 - head / 2 + half * 0.6),
        (tip - 2 * half - head * 0.2, half),
        (-240, half),
    ]


def add_glyph(
    font: TTFont, code: int, width: int, outlines: list[list[tuple[float, float]]]
) -> None:
    name = f"uni{code:04X}"
    pen = TTGlyphPen(None)
    for points in outlines:
        polygon(pen, points)
    glyph = pen.glyph()
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, getattr(glyph, "xMin", 0) if outlines else 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def add_signs(font: TTFont) -> None:
    cmap = font.getBestCmap()
    minus = font["glyf"][cmap[0x2212]]
    stroke, axis = minus.yMax - minus.yMin, (minus.yMax + minus.yMin) / 2
    right = arrow_points(stroke)
    turns = {
        0x2192: lambda x, y: (x, y),
        0x2190: lambda x, y: (-x, -y),
        0x2191: lambda x, y: (-y, x),
        0x2193: lambda x, y: (y, -x),
    }
    for code, turn in turns.items():
        width = 640 if code in (0x2190, 0x2192) else 520
        moved = [(turn(x, y)[0] + width / 2, turn(x, y)[1] + axis) for x, y in right]
        add_glyph(font, code, width, [moved])
    w = stroke * 0.707
    tick = [
        (60, 330),
        (60 + w, 330 + w),
        (210, 180 + 2 * w),
        (510, 480 + 2 * w),
        (510 + w, 480 + w),
        (210, 180),
    ]
    add_glyph(font, 0x2713, 640, [[(x, y - 40) for x, y in tick]])
    cross = [
        (0, w),
        (200 - w, 200),
        (0, 400 - w),
        (w, 400),
        (200, 200 + w),
        (400 - w, 400),
        (400, 400 - w),
        (200 + w, 200),
        (400, w),
        (400 - w, 0),
        (200, 200 - w),
        (w, 0),
    ]
    add_glyph(font, 0x2717, 560, [[(x + 80, y + axis - 200) for x, y in cross]])
    bar = stroke * 0.42
    raised = [(50, 560 - bar), (330, 560 - bar), (330, 560 + bar), (50, 560 + bar)]
    add_glyph(font, 0x207B, 380, [raised[::-1]])
    for code, width in ((0x2009, 200), (0x200A, 100), (0x200B, 0), (0x202F, 200)):
        add_glyph(font, code, width, [])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.setdefault(0x2011, cmap[ord("-")])


def add_tabular_figures(font: TTFont) -> None:
    """Ten figures of the width of the widest but one, so that columns of numbers line up."""
    cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
    figures = [cmap[ord(figure)] for figure in "0123456789"]
    width = sorted(font["hmtx"][name][0] for name in figures)[-2]
    mapping = {}
    for name in figures:
        advance, bearing = font["hmtx"][name]
        shift = round((width - advance) / 2)
        pen = TTGlyphPen(None)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        mapping[name] = f"{name}.tnum"
        font["glyf"][mapping[name]] = pen.glyph()
        font["hmtx"][mapping[name]] = (width, bearing + shift)

    substitution = otTables.SingleSubst()
    substitution.mapping = mapping
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable = 1, 0, [substitution]
    lookup.SubTableCount = 1
    table = font["GSUB"].table
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "tnum", otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [table.LookupList.LookupCount - 1]
    record.Feature.LookupCount = 1
    records = [*table.FeatureList.FeatureRecord, record]
    # Browsers want the tags in order, and the languages name features by their place.
    order = sorted(range(len(records)), key=lambda place: records[place].FeatureTag)
    moved = {old: new for new, old in enumerate(order)}
    table.FeatureList.FeatureRecord = [records[place] for place in order]
    table.FeatureList.FeatureCount = len(records)
    for script in table.ScriptList.ScriptRecord:
        languages = [item.LangSys for item in script.Script.LangSysRecord]
        for language in [script.Script.DefaultLangSys, *languages]:
            if language is None:
                continue
            places = [moved[place] for place in language.FeatureIndex] + [moved[len(records) - 1]]
            language.FeatureIndex = sorted(places)
            language.FeatureCount = len(places)


def subset(source: Path, target: Path) -> None:
    font = TTFont(source)
    add_signs(font)
    add_tabular_figures(font)
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=KEEP)
    subsetter.subset(font)
    missing = KEEP - set(font.getBestCmap())
    if missing:
        sys.exit(f"{source.name} lacks {sorted(map(hex, missing))}")
    font.flavor = "woff2"
    font.save(target)
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for face, name in FACES.items():
        subset(folder / f"BeVietnamPro-{face}.ttf", TARGET / name)
