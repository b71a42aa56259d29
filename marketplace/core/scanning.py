"""Uploaded files before a virus scanner (ClamAV's `clamd`), where the operator names one.

`VIRUS_SCANNER` is `clamd://host:3310`. A file in which something is found is refused; so is every file
while the scanner does not answer, since what was let in unread would be handed on.
"""

import socket
import struct
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.core.errors import UploadRejected

logger = structlog.get_logger(__name__)

_PIECE: Final = 64 * 1024
_SECONDS: Final = 20
_LONGEST_ANSWER: Final = 4096


def check_for_viruses(data: bytes) -> None:
    """Raises UploadRejected for what the scanner finds, or where it cannot be asked."""
    if not settings.VIRUS_SCANNER:
        return
    try:
        answer = _asked(data)
    except OSError as error:
        logger.exception("the virus scanner does not answer", error=type(error).__name__)
        answer = ""
    if answer.endswith(" FOUND"):
        logger.warning("a file with a virus was refused", found=answer[:200])
        raise UploadRejected(
            _("Phần mềm diệt virus phát hiện mã độc trong tệp này. Tệp không được nhận.")
        )
    if not answer.endswith(" OK"):
        raise UploadRejected(_("Chưa kiểm tra được virus trong tệp. Hãy thử lại sau ít phút."))


def _asked(data: bytes) -> str:
    place = urlsplit(settings.VIRUS_SCANNER)
    address = (place.hostname or "127.0.0.1", place.port or 3310)
    with socket.create_connection(address, timeout=_SECONDS) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while len(answer) < _LONGEST_ANSWER and (part := scanner.recv(_LONGEST_ANSWER)):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
