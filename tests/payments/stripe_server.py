"""A Stripe of our own for what needs states: Checkout sessions, refunds, idempotency, signed calls.

Stripe's own mock (`tests/services/stripe-mock`) checks the shape of each request but keeps nothing; this one
keeps what was sent, answers a repeated key with the first answer, and signs calls with Stripe's scheme.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from marketplace.payments.providers.stripe import signed_now


class StripeServer:
    def __init__(self):
        self.sessions, self.refunds, self.answers, self.requests = {}, {}, {}, []
        #: So many next requests are answered with this status.
        self.failing = (0, 500)
        handler = type("Handler", (_Handler,), {"stripe": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def pay(self, session_id, **said):
        session = self.sessions[session_id]
        assert session["status"] == "open"
        session |= {"status": "complete", "payment_status": "paid", **said}
        session["payment_intent"] = {
            "id": session_id.replace("cs_", "pi_"),
            "object": "payment_intent",
            "latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0},
        }

    def give_back(self, session_id, amount):
        charge = self.sessions[session_id]["payment_intent"]["latest_charge"]
        charge["amount_refunded"] += amount

    def call(self, session_id, kind="checkout.session.completed", event_id=""):
        """Body and header of a call about a session, as Stripe makes it."""
        session = self.sessions[session_id]
        event = {
            "id": event_id or f"evt_{session_id}_{kind}",
            "object": "event",
            "type": kind,
            "data": {
                "object": {
                    "id": session_id,
                    "object": "checkout.session",
                    "metadata": session["metadata"],
                    # What nobody may believe.
                    "amount_total": 1,
                }
            },
        }
        body = json.dumps(event)
        return body, signed_now(body)

    def answer(self, method, path, form, key, account):
        self.requests.append((method, path, form, key, account))
        left, status = self.failing
        if left:
            self.failing = (left - 1, status)
            return status, _error("api_error" if status >= 500 else "invalid_request_error")
        if method == "POST" and key:
            if key not in self.answers:
                self.answers[key] = (form, self._do(method, path, form, account))
            first_form, answer = self.answers[key]
            return answer if first_form == form else (400, _error("idempotency_error"))
        return self._do(method, path, form, account)

    def _do(self, method, path, form, account):
        parts = path.split("/")[2:]
        if parts == ["checkout", "sessions"] and method == "POST":
            return 200, self._open(form, account)
        if parts == ["checkout", "sessions"]:
            rows = [one for one in self.sessions.values() if one["account"] == account]
            return 200, {"object": "list", "data": rows, "has_more": False, "url": path}
        if parts == ["refunds"]:
            return self._refund(form)
        session = self.sessions.get(parts[2])
        if session is None or session["account"] != account:
            return 404, _error("invalid_request_error", "resource_missing")
        if parts[3:] == ["expire"]:
            if session["status"] != "open":
                return 400, _error("invalid_request_error")
            session["status"] = "expired"
        return 200, session

    def _open(self, form, account):
        name = f"cs_test_{len(self.sessions) + 1}"
        line = "line_items[0]"
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": int(form[f"{line}[price_data][unit_amount]"])
            * int(form[f"{line}[quantity]"]),
            "currency": form[f"{line}[price_data][currency]"],
            "client_reference_id": form["client_reference_id"],
            "metadata": {"payment": form["metadata[payment]"]},
            "payment_intent": None,
            "url": f"https://checkout.example/{name}",
            "account": account,
        }
        return self.sessions[name]

    def _refund(self, form):
        name = form["payment_intent"].replace("pi_", "cs_")
        self.give_back(name, int(form["amount"]))
        refund = {"id": f"re_{len(self.refunds) + 1}", "object": "refund", "status": "succeeded"}
        self.refunds[refund["id"]] = form
        return 200, refund


def _error(kind, code=None):
    return {"error": {"type": kind, "code": code, "message": kind}}


class _Handler(BaseHTTPRequestHandler):
    stripe: StripeServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece, or each answer waits for an acknowledgement

    def _answer(self, method):
        size = int(self.headers.get("Content-Length") or 0)
        address = urlsplit(self.path)
        text = self.rfile.read(size).decode() or address.query
        form = {name: values[0] for name, values in parse_qs(text).items()}
        key = self.headers.get("Idempotency-Key", "")
        account = self.headers.get("Stripe-Account", "")
        status, said = self.stripe.answer(method, address.path, form, key, account)
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def log_message(self, *_args):
        pass
