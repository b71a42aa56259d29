"""Reads the digital signatures of a PDF (PAdES), as a program of its own: what it reads was made by strangers.

`services.signatures` starts it within bounds of time and memory and keeps what it says. It knows nothing of the
exchange and asks nobody over the network. pyHanko is named here alone.

Standard input is the file; the one argument is a JSON object: `roots` (path of a PEM file, or ""), `papers`
(pairs of size and SHA-256 of what the exchange had handed out) and `moment` (ISO; validity is that of then).
Standard output is a JSON object, see `report`.
"""

import asyncio
import hashlib
import io
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MOST: Final = 20
#: What signing adds to the root of a file.
_OF_SIGNING: Final = {"/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version", "/Metadata"}
#: Certificates of Vietnamese providers carry either of them.
_SIGNING: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
#: How they name a firm. What follows another mark (CCCD, CMND) is a person's and is left where it is.
_TAX_CODE: Final = re.compile(r"\bMST:\s*(\d{10}(?:-?\d{3})?)\b")
_NUMBERS: Final = (generic.NumberObject, generic.FloatObject)


def report(
    content: bytes, *, roots: Sequence[Any], papers: Sequence[Sequence[Any]], moment: datetime
) -> dict[str, Any]:
    """`paper`: whether the pages are those of a file that was handed out ("same", "altered", "other");
    `signatures`: each with `state`, `name`, `organization`, `tax_code`, `issuer`, `serial`, `claimed_at`, `stamped_at`."""
    reader = PdfFileReader(io.BytesIO(content))
    known: dict[str, Any] = {"trust_roots": list(roots), "allow_fetching": False, "moment": moment}
    try:
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(known)
    except NoDSSFoundError:
        context = ValidationContext(**known)
    signatures = [_signature(one, context) for one in reader.embedded_regular_signatures[:MOST]]
    return {"paper": _paper(reader, content, papers), "signatures": signatures}


def _paper(reader: Any, content: bytes, papers: Sequence[Sequence[Any]]) -> str:
    """To sign a PDF is to write behind it: what was handed out is still the beginning of the file."""
    for size, sha256 in papers:
        if hashlib.sha256(content[:size]).hexdigest() == sha256:
            given = PdfFileReader(io.BytesIO(content[:size]))
            return "same" if _only_signed(reader, given) else "altered"
    return "other"


def _only_signed(reader: Any, given: Any) -> bool:
    """Whether nothing but signatures was added to what was handed out. What is written behind a file can also leave
    its beginning unread, so all that a page shows is held against what a reader finds now."""
    before, now = given.root, reader.root
    if (set(now) ^ set(before)) - _OF_SIGNING:
        return False
    seen: set[Any] = set()
    for name in set(before) - _OF_SIGNING:
        if not _is_same(before.raw_get(name), now.raw_get(name), seen):
            return False
    fields = _part(_part(now, "/AcroForm", {}), "/Fields", ())
    return all(_is_signature(one.get_object()) for one in fields)


def _part(of: Any, name: str, otherwise: Any) -> Any:
    """What stands under a name itself, not where it stands."""
    try:
        return of[name]
    except KeyError:
        return otherwise


def _is_same(before: Any, now: Any, seen: set[Any]) -> bool:
    """As both are read, whatever numbers their parts have."""
    if isinstance(before, generic.IndirectObject):
        both = (before.reference, getattr(now, "reference", None))
        if both in seen:
            return True
        seen.add(both)
    before, now = before.get_object(), now.get_object()
    if isinstance(before, _NUMBERS) and isinstance(now, _NUMBERS):
        return bool(before == now)  # 0.0 may be written again as 0
    if type(before) is not type(now):
        return False
    if isinstance(before, generic.StreamObject) and before.encoded_data != now.encoded_data:
        return False
    if isinstance(before, generic.DictionaryObject):
        # What leads up again is met on the way down; a page may get the marks of its signatures.
        free = {"/Parent", "/Annots"} if _part(before, "/Type", "") == "/Page" else {"/Parent"}
        return (
            set(before) - free == set(now) - free
            and all(_is_same(before.raw_get(k), now.raw_get(k), seen) for k in set(before) - free)
            and ("/Annots" not in free or _is_marked(before, now, seen))
        )
    if isinstance(before, generic.ArrayObject):
        return len(before) == len(now) and all(
            _is_same(before.raw_get(at), now.raw_get(at), seen) for at in range(len(before))
        )
    return bool(before == now)


def _is_marked(before: Any, now: Any, seen: set[Any]) -> bool:
    """Whether a page has its own notes first, and behind them nothing but the marks of signatures."""
    old, new = _part(before, "/Annots", ()), _part(now, "/Annots", ())
    return (
        len(old) <= len(new)
        and all(_is_same(old.raw_get(at), new.raw_get(at), seen) for at in range(len(old)))
        and all(_is_signature(new[at]) for at in range(len(old), len(new)))
    )


def _is_signature(field: Any) -> bool:
    return isinstance(field, generic.DictionaryObject) and _part(field, "/FT", "") == "/Sig"


def _signature(one: Any, context: Any) -> dict[str, Any]:
    subject = one.signer_cert.subject.native
    issuer = one.signer_cert.issuer.native
    found = {
        "name": _text(subject.get("common_name")),
        "organization": _text(subject.get("organization_name")),
        "tax_code": _tax_code(subject),
        "issuer": _text(issuer.get("common_name") or issuer.get("organization_name")),
        "serial": f"{one.signer_cert.serial_number:x}",
        "claimed_at": "",
        "stamped_at": "",
    }
    try:
        status = asyncio.run(
            async_validate_pdf_signature(one, context, key_usage_settings=_SIGNING)
        )
    except SignatureValidationError:
        return found | {"state": "unread"}
    if status.signer_reported_dt is not None:
        found["claimed_at"] = status.signer_reported_dt.isoformat()
    stamp = status.timestamp_validity
    if stamp is not None and stamp.trusted:
        found["stamped_at"] = stamp.timestamp.isoformat()
    return found | {"state": _state(status)}


def _state(status: Any) -> str:
    if not (status.intact and status.valid):
        return "broken"
    # Others may have signed behind it: to pyHanko that is to fill in a form.
    whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and status.docmdp_ok
    if not whole or status.modification_level > ModificationLevel.FORM_FILLING:
        return "changed"
    if status.revoked:
        return "revoked"
    if status.trusted:
        return "good"
    why = getattr(status.trust_problem_indic, "name", "")
    return "unknown" if why == "NO_CERTIFICATE_CHAIN_FOUND" else "unfit"


def _tax_code(subject: dict[str, Any]) -> str:
    for value in subject.values():
        found = _TAX_CODE.search(_text(value))
        if found:
            return found[1]
    return ""


def _text(value: Any) -> str:
    """A name may be given several times."""
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(part) for part in parts if part)[:200]


def main() -> None:
    asked = json.loads(sys.argv[1])
    roots = Path(asked["roots"]).read_bytes() if asked["roots"] else b""
    found = report(
        sys.stdin.buffer.read(),
        roots=list(load_certs_from_pemder_data(roots)) if roots else [],
        papers=asked["papers"],
        moment=datetime.fromisoformat(asked["moment"]),
    )
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
