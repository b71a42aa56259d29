"""MARCXML: the same fields in elements."""

import re
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _

from marketplace.sources.formats.marc import MarcField, MarcFields, record_of
from marketplace.sources.formats.raw import RawRecord, Unreadable
from marketplace.sources.formats.xml import (
    FILE,
    Element,
    Limits,
    bytes_of,
    line_of,
    local_name,
    xml_elements,
)

NAMESPACE: Final = "http://www.loc.gov/MARC21/slim"
_TAG: Final = re.compile(r"[0-9A-Za-z]{3}")


def read_marcxml(stream: IO[bytes], *, limits: Limits = FILE) -> Iterator[RawRecord | Unreadable]:
    """The records of a `collection`, or a record alone; files without the namespace are read too."""
    for element in xml_elements(stream, (f"{{{NAMESPACE}}}record", "record"), limits=limits):
        line = line_of(element)
        found = record_of(fields_of(element), line)
        if isinstance(found, Unreadable):
            yield found
        else:
            kind, data, remarks = found
            yield RawRecord(line, data, raw=bytes_of(element), kind=kind, remarks=remarks)


def fields_of(element: Element) -> MarcFields:
    record = MarcFields(leader="")
    dropped = 0
    for child in element:
        name, tag = local_name(child), child.get("tag") or ""
        if name == "leader":
            record.leader = child.text or ""
        elif name == "controlfield" and _TAG.fullmatch(tag):
            record.fields.append(MarcField(tag, value=child.text or ""))
        elif name == "datafield" and _TAG.fullmatch(tag):
            subfields = tuple(
                (one.get("code") or "", one.text)
                for one in child
                if local_name(one) == "subfield" and one.text
            )
            indicators = (child.get("ind1") or " ")[:1] + (child.get("ind2") or " ")[:1]
            record.fields.append(MarcField(tag, indicators=indicators, subfields=subfields))
        else:
            dropped += 1
    if dropped:
        record.remarks = (_("%(count)s trường MARC có nhãn sai, đã bỏ") % {"count": dropped},)
    return record
