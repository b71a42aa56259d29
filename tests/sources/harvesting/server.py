"""A real OAI-PMH server on this machine, small and with bad habits to order."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>%s</responseDate>
<request verb="%s">http://x.example/oai</request>%s</OAI-PMH>"""
_DC = """<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title>
 <dc:publisher>Viện số %s</dc:publisher></oai_dc:dc></metadata>"""


class Repository:
    """Records by id: (datestamp, title or None where deleted, set)."""

    def __init__(self, count=0, *, page=10):
        self.page, self.now = page, "2026-11-01T00:00:00Z"
        self.granularity, self.deletions = "YYYY-MM-DDThh:mm:ssZ", "persistent"
        self.records = {
            f"oai:x:{n}": (f"2026-01-01T00:00:{n % 60:02}Z", f"Kết quả {n}", "a" if n % 2 else "b")
            for n in range(count)
        }
        self.asked = []
        #: Called with (number of the request, arguments); what it gives is sent instead.
        self.habit = lambda number, arguments: None

    def put(self, identifier, title, datestamp):
        self.records[identifier] = (datestamp, title, "a")

    def answer(self, arguments):
        self.asked.append(arguments)
        if (instead := self.habit(len(self.asked), arguments)) is not None:
            return instead
        verb = arguments.get("verb", "")
        if verb == "Identify":
            inner = (
                "<Identify><repositoryName>Kho</repositoryName><baseURL>x</baseURL>"
                "<protocolVersion>2.0</protocolVersion><earliestDatestamp>2001-01-01</earliestDatestamp>"
                f"<deletedRecord>{self.deletions}</deletedRecord>"
                f"<granularity>{self.granularity}</granularity></Identify>"
            )
        else:
            inner = self._list(arguments)
        return 200, {"Content-Type": "text/xml"}, (_ENVELOPE % (self.now, verb, inner)).encode()

    def _list(self, arguments):
        since, wanted, start = arguments.get("from", ""), arguments.get("set", ""), 0
        if token := arguments.get("resumptionToken"):
            since, wanted, at = token.split("|")
            start = int(at)
        found = [
            (identifier, *record)
            for identifier, record in sorted(
                self.records.items(), key=lambda one: int(one[0].rpartition(":")[2])
            )
            if record[0] >= since and wanted in ("", record[2])
        ]
        if not found:
            return '<error code="noRecordsMatch"/>'
        page = found[start : start + self.page]
        rest = start + self.page
        token = f"{since}|{wanted}|{rest}" if rest < len(found) else ""
        return f"<ListRecords>{''.join(map(self._record, page))}<resumptionToken>{token}</resumptionToken></ListRecords>"

    @staticmethod
    def _record(one):
        identifier, datestamp, title, spec = one
        state = "" if title else ' status="deleted"'
        body = _DC % (title, int(identifier.rpartition(":")[2]) % 7) if title else ""
        return (
            f"<record><header{state}><identifier>{identifier}</identifier><datestamp>{datestamp}"
            f"</datestamp><setSpec>{spec}</setSpec></header>{body}</record>"
        )


def slowly(data, *, seconds=30.0, piece=1):
    """A body that comes a byte at a time."""
    until = time.monotonic() + seconds
    for place in range(0, len(data), piece):
        if time.monotonic() > until:
            return
        yield data[place : place + piece]
        time.sleep(0.05)


@contextmanager
def serving(repository):
    """The server's address while the block is open."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, headers, body = repository.answer(dict(parse_qsl(urlsplit(self.path).query)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                if isinstance(body, bytes):
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                else:
                    self.send_header("Connection", "close")
                    self.end_headers()
                    for piece in body:
                        self.wfile.write(piece)
                        self.wfile.flush()
                    self.close_connection = True
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai"
    finally:
        server.shutdown()
        server.server_close()
