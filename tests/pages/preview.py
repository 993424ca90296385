"""Serves every template with its sample context on a loopback port: python tests/pages/preview.py [port]."""

import mimetypes
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from samples import SAMPLES

from listener.web.pages import rendering

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'"


class Preview(BaseHTTPRequestHandler):
    """Pages by the names of their samples, static files as built."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0].strip("/")
        if path.startswith("static/") or path == "sw.js":
            self.file(rendering.STATIC / path.removeprefix("static/"))
        elif path == "gui-phan-anh/thach-do":  # the form asks for it as soon as one writes
            self.answer(200, b"1.thu.1.4000000000.0", "text/plain")
        elif path in SAMPLES:
            template, context = SAMPLES[path]
            rendering.environment.cache_clear()
            self.answer(200, rendering.render(template, context).encode(), "text/html; charset=utf-8")
        elif path == "":
            links = "".join(f'<li><a href="/{name}">{name}</a>' for name in SAMPLES)
            self.answer(
                200, f"<!doctype html><meta charset=utf-8><ul>{links}</ul>".encode(), "text/html; charset=utf-8"
            )
        else:
            self.answer(404, b"", "text/plain")

    def file(self, path: Path) -> None:
        if path.is_file():
            self.answer(200, path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        else:
            self.answer(404, b"", "text/plain")

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the browser's console says what went wrong."""


def serve(port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback, not yet running; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), Preview)


if __name__ == "__main__":
    server = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8123)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/\n")
    server.serve_forever()
