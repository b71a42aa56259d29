"""A relay before a real server, at its port, that answers wrongly, late or not at all when told to."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: Given method, path and body: what to answer instead of the server, or None to ask it.
Fault = Callable[[str, str, bytes], "tuple[int, object] | str | None"]


class Relay:
    """``fault`` may be changed at any time; ``"hang"`` never answers, ``"cut"`` drops the line.

    ``asked`` holds method and path of every request, whoever answered it, ``headers`` the rest.
    """

    def __init__(self, upstream: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.fault: Fault | None = None
        self.asked: list[tuple[str, str]] = []
        self.headers: list[Message] = []
        self.lines: set[socket.socket] = set()
        self.ended = threading.Event()
        self.upstream = urlsplit(upstream)
        handler = type("_Handler", (_Handler,), {"relay": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.place = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """From now on nobody listens at the port, and open lines are cut."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    relay: Relay

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""

    def setup(self) -> None:
        super().setup()
        self.relay.lines.add(self.connection)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def relayed(self) -> None:
        relay = self.relay
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        relay.asked.append((self.command, self.path))
        relay.headers.append(self.headers)
        instead = relay.fault(self.command, self.path, body) if relay.fault else None
        if instead == "hang":
            relay.ended.wait(30)
        if instead in ("hang", "cut"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif isinstance(instead, tuple):
            status, answer = instead
            self._answer(status, "application/json", json.dumps(answer).encode())
        else:
            self._answer(*self._asked_upstream(body))

    def _asked_upstream(self, body: bytes) -> tuple[int, str, bytes]:
        place = self.relay.upstream
        line = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        with closing(line):
            line.request(self.command, self.path, body, dict(self.headers))
            answered = line.getresponse()
            return answered.status, answered.getheader("Content-Type") or "", answered.read()

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


for _method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
    setattr(_Handler, f"do_{_method}", _Handler.relayed)
