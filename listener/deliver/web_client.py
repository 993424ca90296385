"""One POST to another machine: to the very address that was checked, no redirects, limits of time and size."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Timer
from urllib.parse import urlsplit

from listener.addresses import is_public, names_private_host, resolved
from listener.errors import BadInput

SECONDS = 10.0  # for the whole exchange
MOST_BYTES = 16 * 1024  # of an answer; Zalo's are below 1 KB, a webhook's is not read for its words
LONGEST_ADDRESS = 500


class Unreachable(Exception):
    """The machine could not be asked; ``cause`` groups failures of one kind."""

    def __init__(self, cause: str, words: str) -> None:
        super().__init__(words)
        self.cause, self.words = cause, words


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, the body cut to the limit."""

    status: int
    body: bytes
    retry_after: timedelta | None


def check_address(address: str, *, private_hosts: bool) -> str:
    """The address as it may be kept: https, or http where private hosts are allowed.

    Raises
    ------
    BadInput
        It is none, carries a password, or leads into a private network.
    """
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("https", "http") or not host or len(address) > LONGEST_ADDRESS:
        raise BadInput(
            "Chưa phải địa chỉ nhận tin. Ghi đầy đủ, ví dụ https://ioc.example.vn/nhan-tin.", field="address"
        )
    if parts.username or parts.password or parts.fragment:
        raise BadInput("Bỏ tên, mật khẩu và phần sau dấu # khỏi địa chỉ; chữ ký đã thay cho chúng.", field="address")
    if not private_hosts and names_private_host(host):
        raise BadInput(
            f"“{host}” nằm trong mạng riêng. Dùng địa chỉ công khai, hoặc đặt LISTENER_DELIVER_PRIVATE_HOSTS=true.",
            field="address",
        )
    if parts.scheme == "http" and not private_hosts:
        raise BadInput("Địa chỉ phải bắt đầu bằng https:// để nội dung không bị đọc trên đường đi.", field="address")
    return address.strip()


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private_hosts: bool,
    seconds: float = SECONDS,
    now: datetime | None = None,
) -> Answer:
    """Send one request and read what comes back.

    Raises
    ------
    Unreachable
        No address, a private one, no connection, no answer in time, or one that is no HTTP.
    """
    parts = urlsplit(address)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = _Pinned(host, port, _reachable(host, port, private_hosts), secure=secure, seconds=seconds)
    # A timeout of the socket starts again with every byte; the clock above it ends even an answer that drips.
    clock = Timer(seconds, connection.cut)
    clock.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        if connection.was_cut:  # the end of a header that was cut off reads like the end of the headers
            raise TimeoutError
        return Answer(answer.status, _body(answer), _asked(answer.getheader("Retry-After"), now or datetime.now(UTC)))
    except ssl.SSLError as error:
        raise Unreachable("tls", "Chứng thư của máy nhận không được chấp nhận.") from error
    except (OSError, http.client.HTTPException, AttributeError, ValueError) as error:
        raise _failure(error, cut=connection.was_cut) from error
    finally:
        clock.cancel()
        connection.close()


def _body(answer: http.client.HTTPResponse) -> bytes:
    """What can be read of the body; the status counts, whatever becomes of the rest."""
    try:
        return answer.read(MOST_BYTES)
    except http.client.IncompleteRead as error:
        return bytes(error.partial)
    except (OSError, http.client.HTTPException, ValueError):
        return b""


def _failure(error: Exception, *, cut: bool) -> Unreachable:
    if cut or isinstance(error, TimeoutError):
        return Unreachable("timeout", "Máy nhận không trả lời kịp.")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable("refused", "Máy nhận không mở cổng này.")
    if isinstance(error, OSError):
        return Unreachable("connection", "Mất nối với máy nhận giữa chừng.")
    return Unreachable("protocol", "Máy nhận trả lời không đúng HTTP.")


def _reachable(host: str, port: int, private_hosts: bool) -> list[str]:
    try:
        found = resolved(host, port)
    except (OSError, UnicodeError) as error:
        raise Unreachable("dns", f"Không tìm thấy máy “{host}”.") from error
    if not private_hosts and not all(map(is_public, found)):
        raise Unreachable("private", f"“{host}” dẫn vào mạng riêng nên không gửi.")
    return found


def _asked(value: str | None, now: datetime) -> timedelta | None:
    """A Retry-After, given in seconds or as a date."""
    if value is None:
        return None
    with suppress(ValueError, OverflowError):
        return max(timedelta(seconds=int(value)), timedelta())
    with suppress(ValueError, TypeError, OverflowError):
        return max(parsedate_to_datetime(value) - now, timedelta())
    return None


class _Pinned(http.client.HTTPConnection):
    """A connection to the first checked address that answers; the name serves the certificate and the Host header."""

    def __init__(self, host: str, port: int, addresses: list[str], *, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.addresses, self.secure, self.was_cut = addresses, secure, False
        self.default_port = 443 if secure else 80

    def connect(self) -> None:
        """Connect to a checked address, over TLS where the address says so."""
        self.sock = self._first_that_answers()
        if self.secure:
            # The handshake comes after the assignment, so that the clock can cut it too.
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _first_that_answers(self) -> socket.socket:
        for address in self.addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self.timeout)
            if self.was_cut:
                raise TimeoutError
        return socket.create_connection((self.addresses[-1], self.port), self.timeout)

    def cut(self) -> None:
        """End the exchange from outside: the time is over."""
        self.was_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
