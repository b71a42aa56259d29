"""Documents before a virus scanner: what it says, and what happens where it says nothing."""

import os
import socketserver
import struct
import threading

import pytest

from marketplace.core.errors import UploadRejected
from marketplace.core.scanning import check_for_viruses
from marketplace.core.uploads import check_document
from tests.core.test_uploads import pdf, upload

#: The text that every scanner knows and nobody has to fear, put together so that this file is none.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks as clamd does: reads the pieces to their end, then answers."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.server.seen.append(data)
        if self.server.answer is None:
            said = b"stream: Eicar-Test FOUND" if EICAR in data else b"stream: OK"
        else:
            said = self.server.answer
        self.wfile.write(said + b"\0" if said else b"")


@pytest.fixture
def clamd(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen, server.answer = [], None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.VIRUS_SCANNER = f"clamd://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def test_clean_file_is_read_whole_and_taken(clamd):
    data = pdf(b"%" + os.urandom(200_000).hex().encode() + b"\n")
    assert check_document(upload(data)).size == len(data)
    assert clamd.seen == [data]


def test_file_with_a_virus_is_refused(clamd):
    with pytest.raises(UploadRejected, match="mã độc"):
        check_document(upload(pdf(b"%" + EICAR + b"\n")))


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR"])
def test_file_that_was_not_read_is_not_taken(clamd, answer):
    clamd.answer = answer
    with pytest.raises(UploadRejected, match="thử lại"):
        check_document(upload(pdf()))


def test_scanner_that_is_away_lets_nothing_in(settings):
    settings.VIRUS_SCANNER = "clamd://127.0.0.1:9"
    with pytest.raises(UploadRejected, match="thử lại"):
        check_document(upload(pdf()))


@pytest.mark.skipif("CLAMD_URL" not in os.environ, reason="no clamd here (CLAMD_URL)")
def test_real_scanner_finds_it(settings):
    settings.VIRUS_SCANNER = os.environ["CLAMD_URL"]
    check_for_viruses(b"hoa xoan")
    with pytest.raises(UploadRejected, match="mã độc"):
        check_for_viruses(EICAR)


def test_without_a_scanner_nothing_is_asked(settings):
    settings.VIRUS_SCANNER = ""
    check_for_viruses(EICAR)
