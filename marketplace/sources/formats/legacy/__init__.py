"""Vietnamese text in old encodings, found and repaired value by value, the original kept.

Three answers: `ok`, left as it is; `converted`, with the repaired text; `damaged`, where letters are
lost or the encoding cannot be told, which a person must see. The tables of TCVN3, VNI and VISCII are
viparse's; the decision is ours, since viparse judges by letter frequency, needs long text, and a table
of results has titles of five words and the units of physics in it. A repair is made only where nearly
every word that it touches becomes a Vietnamese syllable with its marks in order, and no other reading
does as well.
"""

from marketplace.sources.formats.legacy.detection import CONVERTED, DAMAGED, OK, Verdict, examine
from marketplace.sources.formats.legacy.records import Repair, repair_record

__all__ = ["CONVERTED", "DAMAGED", "OK", "Repair", "Verdict", "examine", "repair_record"]
