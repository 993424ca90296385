"""Machines on loopback that receive: a webhook in any mood, a mail server, Zalo's API as its documentation says."""

import base64
import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook


@dataclass
class Inbox:
    """A webhook's receiver. ``mood`` says how the next request is treated; what was accepted stands in ``got``."""

    url: str = ""
    mood: Callable[[], str] = lambda: "ok"
    secret: str = ""
    retry_after: str = "120"
    asked: list[str] = field(default_factory=list)  # the id of every request, accepted or not
    got: dict[str, dict] = field(default_factory=dict)  # by id, in the order of first acceptance
    signatures: list[str] = field(default_factory=list)
    forged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, headers: Message, body: bytes) -> None:
        """Take an event as a careful receiver does: check the signature, take each id once."""
        uid, at = headers["webhook-id"], datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        with self.lock:
            self.signatures.append(headers["webhook-signature"])
            if self.secret and Webhook(self.secret).sign(uid, at, body.decode()) not in self.signatures[-1].split():
                self.forged += 1
            self.got.setdefault(uid, json.loads(body))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        inbox: Inbox = self.server.inbox  # type: ignore[attr-defined]
        mood = inbox.mood()
        with inbox.lock:
            inbox.asked.append(self.headers["webhook-id"])
        if mood == "lie":  # says 200 and closes without reading a byte of the body
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["content-length"]))
        if mood in ("ok", "take-then-500", "take-then-hang-up"):
            inbox.accept(self.headers, body)
        if mood == "hang":
            time.sleep(1.2)
            return
        if mood in ("hang-up", "take-then-hang-up"):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if mood == "drip":
            self._drip()
            return
        status = {"ok": 204, "500": 500, "take-then-500": 500, "redirect": 307, "429": 429, "410": 410, "flood": 200}
        self.send_response(status[mood])
        if mood == "redirect":
            self.send_header("Location", "/nowhere")
        if mood == "429":
            self.send_header("Retry-After", inbox.retry_after)
        self.end_headers()
        if mood == "flood":
            self.wfile.write(b"x" * 3_000_000)

    def _drip(self) -> None:
        """A byte now and then, for ever: no single wait is long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Hanging up is what these servers do."""


@contextmanager
def webhook_inbox() -> Iterator[Inbox]:
    """A receiver of webhooks on loopback."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.inbox = Inbox(url=f"http://127.0.0.1:{server.server_address[1]}/nhan")  # type: ignore[attr-defined]
    with _running(server):
        yield server.inbox  # type: ignore[attr-defined]


@dataclass
class Zalo:
    """The API of an Official Account: answers 200 with a code in the body. ``faults`` are given out first."""

    url: str = ""
    token: str = "tốt".encode().hex()
    faults: list[int] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)


class _ZaloHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        zalo: Zalo = self.server.zalo  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        code = 0
        if self.path != "/v3.0/oa/message/cs":
            code = 404
        elif self.headers["access_token"] != zalo.token:
            code = -216
        elif zalo.faults:
            code = zalo.faults.pop(0)
        else:
            zalo.sent.append((body["recipient"]["user_id"], body["message"]["text"]))
        answer = json.dumps({"error": code, "message": "Success" if code == 0 else "Fault", "data": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output clean."""


@contextmanager
def zalo_api() -> Iterator[Zalo]:
    """Zalo's API on loopback."""
    server = _Server(("127.0.0.1", 0), _ZaloHandler)
    server.zalo = Zalo(url=f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    with _running(server):
        yield server.zalo  # type: ignore[attr-defined]


@dataclass
class MailServer:
    """A small SMTP server with sign-in. ``refuse`` maps an address to the answer it gets instead."""

    port: int = 0
    user: str = "gui"
    password: str = "for-tests-only"
    refuse: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, Message]] = field(default_factory=list)


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server.mail  # type: ignore[attr-defined]
        signed_in, to = False, ""
        self._say("220 thu")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self._say("250-thu", "250-SMTPUTF8", "250 AUTH PLAIN")
            elif verb == "AUTH":
                given = base64.b64decode(line.split(" ")[2]).decode().split("\0")
                signed_in = given[1:] == [server.user, server.password]
                self._say("235 ok" if signed_in else "535 sai")
            elif verb == "MAIL":
                self._say("250 ok" if signed_in else "530 chua dang nhap")
            elif verb == "RCPT":
                to = line.split("<")[1].split(">")[0]
                self._say(server.refuse.get(to, "250 ok"))
            elif verb == "DATA":
                self._say("354 go")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                server.letters.append((to, message_from_bytes(b"".join(lines))))
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on loopback."""
    server = _SmtpServer(("127.0.0.1", 0), _Smtp)
    server.mail = MailServer(port=server.server_address[1])  # type: ignore[attr-defined]
    with _running(server):
        yield server.mail  # type: ignore[attr-defined]


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
