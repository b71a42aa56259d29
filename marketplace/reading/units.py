"""Units of measure in Vietnamese and English, each with its dimension and factor to a base unit.

A dimension is a product of base units ("kg·s^-1"), so that tonnes an hour and kilograms a day
compare while kilograms a batch and kilograms an hour do not. Temperatures are kept in °C, money
in its own currency, counted things (workers, bottles) each as a base unit of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.reading.folding import fold_in_place

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    label: str
    dimension: Dimension
    factor: float
    offset: float = 0.0


def dimension_name(dimension: Dimension) -> str:
    return "·".join(base if power == 1 else f"{base}^{power}" for base, power in dimension) or "1"


def product(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def _dimension(written: str) -> Dimension:
    powers: dict[str, int] = {}
    for part in written.split():
        base, _, power = part.partition("^")
        powers[base] = int(power or 1)
    return tuple(sorted(powers.items()))


# label | dimension | factor | spellings. Spellings are matched without case unless written with a
# leading "=" (then exactly so: mW is not MW). A spelling with diacritics is also read without them,
# unless it stands in _NEVER_BARE.
_TABLE = """
tấn | kg | 1000 | tấn, tonne, tonnes, ton, tons, =t, mt
tạ | kg | 100 | tạ
yến | kg | 10 | yến
kg | kg | 1 | kg, kgs, kilogram, kilograms, ki lô gam, ki-lô-gam, ký, kí, cân
g | kg | 0.001 | g, gr, gam, gram, grams
mg | kg | 1e-6 | mg, miligam, milligram, milligrams
µg | kg | 1e-9 | µg, mcg, ug, microgram, micrograms, microgam
ng | kg | 1e-12 | ng, nanogram, nanograms
lb | kg | 0.45359237 | lb, lbs, pound, pounds
km | m | 1000 | km, kilomet, kilometer, kilometers, kilometre, kilometres, cây số
m | m | 1 | m, mét, met, meter, meters, metre, metres
dm | m | 0.1 | dm
cm | m | 0.01 | cm, xăng ti mét, centimet, centimeter, centimeters, centimetre, centimetres
mm | m | 0.001 | mm, ly, li, milimet, mi li mét, millimeter, millimeters, millimetre, millimetres
µm | m | 1e-6 | µm, um, micromet, micron, microns, micrometer, micrometers, micrometre
nm | m | 1e-9 | nm, nanomet, nanometer, nanometers, nanometre, nanometres
inch | m | 0.0254 | inch, inches
ft | m | 0.3048 | ft, feet, foot
ha | m^2 | 10000 | ha, héc ta, hecta, hectare, hectares
m² | m^2 | 1 | m², m2, m^2, mét vuông, square meters, square metres
km² | m^2 | 1e6 | km², km2
dm² | m^2 | 0.01 | dm², dm2
cm² | m^2 | 1e-4 | cm², cm2
mm² | m^2 | 1e-6 | mm², mm2
m³ | m^3 | 1 | m³, m3, m^3, mét khối, khối, cubic meters, cubic metres
dm³ | m^3 | 0.001 | dm³, dm3
cm³ | m^3 | 1e-6 | cm³, cm3, cc
mm³ | m^3 | 1e-9 | mm³, mm3
lít | m^3 | 0.001 | lít, l, liter, liters, litre, litres
ml | m^3 | 1e-6 | ml, mililit, milliliter, milliliters, millilitre, millilitres
µl | m^3 | 1e-9 | µl, ul, microliter, microliters
gallon | m^3 | 0.003785411784 | gallon, gallons, gal
năm | s | 31557600 | năm, year, years, yr, yrs
tháng | s | 2629800 | tháng, month, months
tuần | s | 604800 | tuần, week, weeks
ngày | s | 86400 | ngày đêm, ngày, ngđ, ng.đ, day, days, =d
giờ | s | 3600 | giờ, tiếng, h, hr, hrs, hour, hours
phút | s | 60 | phút, min, mins, minute, minutes
giây | s | 1 | giây, s, sec, secs, second, seconds
ms | s | 0.001 | ms, mili giây, millisecond, milliseconds
µs | s | 1e-6 | µs, us, microsecond, microseconds
% | % | 0.01 | %, phần trăm, percent, per cent
‰ | % | 0.001 | ‰, phần nghìn, phần ngàn
ppm | ppm | 1 | ppm
ppb | ppm | 0.001 | ppb
°C | °C | 1 | °c, ºc, ⁰c, ˚c, ℃, oc, độ c, độ celsius, độ, degree c, degrees c, deg c, deg. c, celsius, degrees celsius, =C
W | W | 1 | =W, oát, watt, watts
mW | W | 0.001 | =mW, milliwatt, milliwatts
kW | W | 1000 | kw, kilowatt, kilowatts
MW | W | 1e6 | =MW, mw, megawatt, megawatts
GW | W | 1e9 | gw
HP | W | 745.7 | hp, mã lực, cv, horsepower
kVA | VA | 1000 | kva
MVA | VA | 1e6 | mva
VA | VA | 1 | =VA
Wh | Wh | 1 | wh
kWh | Wh | 1000 | kwh, kw.h, ký điện, số điện, kilowatt-hour, kilowatt-hours
MWh | Wh | 1e6 | mwh
kJ | Wh | 0.2777777778 | kj
MJ | Wh | 277.7777778 | mj
J | Wh | 0.000277777778 | =J, joule, joules
kcal | Wh | 1.163 | kcal
BTU | Wh | 0.293071 | btu
Pa | Pa | 1 | =Pa
kPa | Pa | 1000 | kpa
MPa | Pa | 1e6 | =MPa, mpa
GPa | Pa | 1e9 | gpa
mPa | Pa | 0.001 | =mPa
bar | Pa | 100000 | bar, bars
mbar | Pa | 100 | mbar
atm | Pa | 101325 | atm
psi | Pa | 6894.757 | psi
kgf/cm² | Pa | 98066.5 | kg/cm2, kg/cm², kgf/cm2, kgf/cm²
mmHg | Pa | 133.322 | mmhg
N | N | 1 | =N, newton, newtons
kN | N | 1000 | kn
kgf | N | 9.80665 | kgf
V | V | 1 | =V, vôn, volt, volts
kV | V | 1000 | kv
mV | V | 0.001 | =mV
A | A | 1 | =A, ampe, amp, amps, ampere, amperes
mA | A | 0.001 | =mA
Ah | Ah | 1 | =Ah
mAh | Ah | 0.001 | mah
Ω | Ω | 1 | Ω, ohm, ohms
Hz | Hz | 1 | hz
kHz | Hz | 1000 | khz
MHz | Hz | 1e6 | mhz
GHz | Hz | 1e9 | ghz
vòng | turn | 1 | vòng, revolutions, rev
rpm | turn s^-1 | 0.0166666667 | rpm
GPD | m^3 s^-1 | 4.381263638e-8 | gpd
LPH | m^3 s^-1 | 2.777777778e-7 | lph
CFM | m^3 s^-1 | 0.000471947 | cfm
lux | lux | 1 | lux
lm | lm | 1 | lm, lumen, lumens
dB | dB | 1 | db, dba
NTU | NTU | 1 | ntu
Pt-Co | Pt-Co | 1 | pt-co, ptco, pt - co
CFU | CFU | 1 | cfu
IU | IU | 1 | =IU
°Bx | Bx | 1 | °bx, brix, độ brix, obx
mol | mol | 1 | mol, mole, moles
GB | B | 1e9 | =GB, gb
MB | B | 1e6 | =MB, mb
TB | B | 1e12 | =TB
Mbps | bit s^-1 | 1e6 | mbps
px | px | 1 | px, pixel, pixels
mẻ | mẻ | 1 | mẻ, batch, batches
ca | ca | 1 | ca, shift, shifts
chu kỳ | chu_kỳ | 1 | chu kỳ, cycle, cycles, lần
người | người | 1 | công nhân, người, lao động, nhân công, nhân viên, kỹ thuật viên, worker, workers, operator, operators, people, person, persons, employees
hộ | hộ | 1 | hộ, hộ dân, hộ gia đình, households
con | con | 1 | con, đầu con
cây | cây | 1 | cây, trees
sản phẩm | sản_phẩm | 1 | sản phẩm, sp, chiếc, cái, products, pieces, pcs, units, unit
chai | chai | 1 | chai, bottles, bottle
hộp | hộp | 1 | hộp, lon, boxes, cans
túi | túi | 1 | túi, gói, bao, bags, bag, packs
viên | viên | 1 | viên, tablets, bricks
mẫu | mẫu | 1 | mẫu, samples, sample
đồng | VND | 1 | đồng, vnđ, vnd, =đ, đ
USD | USD | 1 | usd, us$, $, đô la, đô la mỹ, đô, dollar, dollars
EUR | EUR | 1 | eur, €, euro, euros
"""
# Too common as other words when typed without diacritics.
_NEVER_BARE = frozenset({"cân", "đô", "lần", "tiếng", "cái", "bao", "đ", "khối"})
_EXACT_ONLY_BARE = frozenset({"ly", "li"})

# Words that multiply the number before them. Vietnamese ones alone ("500 triệu") mean money.
MULTIPLIERS: Mapping[str, tuple[float, bool]] = {
    "nghìn": (1e3, True),
    "ngàn": (1e3, True),
    "vạn": (1e4, False),
    "triệu": (1e6, True),
    "tỷ": (1e9, True),
    "tỉ": (1e9, True),
    "tr": (1e6, True),
    "k": (1e3, True),
    "thousand": (1e3, False),
    "million": (1e6, False),
    "billion": (1e9, False),
}

DONG = Unit("đồng", (("VND", 1),), 1.0)
EURO = Unit("EUR", (("EUR", 1),), 1.0)
DOLLAR = Unit("USD", (("USD", 1),), 1.0)
ACIDITY = Unit("pH", (("pH", 1),), 1.0)


@dataclass(frozen=True, slots=True)
class Spelling:
    written: str
    unit: Unit
    exact_case: bool
    bare: bool  # may be typed without diacritics


def _read_table() -> dict[str, list[Spelling]]:
    spellings: dict[str, list[Spelling]] = {}
    for row in _TABLE.strip().splitlines():
        label, dimension, factor, written = (part.strip() for part in row.split("|"))
        unit = Unit(label, _dimension(dimension), float(factor))
        for spelling in (part.strip() for part in written.split(",")):
            exact = spelling.startswith("=") and len(spelling) > 1
            spelling = spelling.removeprefix("=") if exact else spelling
            entry = Spelling(
                spelling if exact else spelling.lower(),
                unit,
                exact,
                spelling not in _NEVER_BARE and spelling not in _EXACT_ONLY_BARE,
            )
            spellings.setdefault(fold_in_place(spelling), []).append(entry)
    for entries in spellings.values():
        entries.sort(key=lambda entry: not entry.exact_case)
    return spellings


SPELLINGS = _read_table()


def find_unit(folded: str, original: str) -> Unit | None:
    """The unit spelt `original`, whose folded form is `folded`."""
    lowered = original.lower()
    entries = SPELLINGS.get(folded, ())
    for entry in entries:
        if original == entry.written if entry.exact_case else lowered == entry.written:
            return entry.unit
    if not lowered.isascii():
        return None
    return next((entry.unit for entry in entries if not entry.exact_case and entry.bare), None)
