"""Where a webhook really goes: the checked address, over a certificate that is trusted."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listener.deliver import web_client
from listener.deliver.web_client import Unreachable, post


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for ``localhost`` that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """A receiver that speaks TLS only."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.headers["host"].encode() + b" " + body)

        def log_message(self, *_args: object) -> None:
            """Keep the tests' output clean."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A client that does not trust us hangs up."""

    server = Server(("127.0.0.1", 0), Taker)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_a_certificate_that_is_trusted_is_taken_for_its_name_only(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unreachable) as refused:
        post(f"https://localhost:{port}/x", b"a", {}, private_hosts=True)
    assert refused.value.cause == "tls"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answer = post(f"https://localhost:{port}/x", b"a", {}, private_hosts=True)
    assert (answer.status, answer.body) == (200, f"localhost:{port} a".encode())
    with pytest.raises(Unreachable) as other_name:
        post(f"https://127.0.0.1:{port}/x", b"a", {}, private_hosts=True)
    assert other_name.value.cause == "tls"


def test_plain_http_on_a_tls_port_and_an_unknown_host_say_what_is_wrong(port: int) -> None:
    with pytest.raises(Unreachable) as plain:
        post(f"http://127.0.0.1:{port}/x", b"a", {}, private_hosts=True)
    assert plain.value.cause in ("protocol", "connection")
    with pytest.raises(Unreachable) as unknown:
        post("https://khong-co-may-nay.invalid/x", b"a", {}, private_hosts=True)
    assert unknown.value.cause == "dns"


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_public_name_that_leads_into_a_private_network_is_not_asked(
    found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_client, "resolved", lambda _host, _port: found)
    monkeypatch.setattr(web_client.socket, "create_connection", lambda *_a: pytest.fail("it was asked"))
    with pytest.raises(Unreachable) as refused:
        post("https://ioc.example.vn/x", b"a", {}, private_hosts=False)
    assert refused.value.cause == "private"


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def once(_host: str, _port: int) -> list[str]:
        asked.append(_host)
        return ["127.0.0.2", "127.0.0.1"]  # nobody listens on the first

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(web_client, "resolved", once)
    assert post(f"https://localhost:{port}/x", b"a", {}, private_hosts=True).status == 200
    assert asked == ["localhost"]
