"""Why a page could not be brought home, in plain words for the sources page."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from listener.collect.politeness import HEAVIEST, PrivateAddress, RobotsUnreadable, was_private

TOO_MANY = 429
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Cause:
    """The words, whether asking again is useless, whether the server asked for rest, advice to who keeps the source."""

    words: str
    lasting: bool = False
    rest: bool = False
    advice: str = ""


def cause_of(error: BaseException | None, url: str) -> Cause:
    """What went wrong with a request."""
    host = urlsplit(url).hostname or url
    if isinstance(error, HttpError):
        return _of_status(error.response.status, host)
    if isinstance(error, PrivateAddress) or was_private(host):
        return Cause(
            f"Địa chỉ nội bộ ({host}) không được thăm. "
            "Nếu đây là trang trong mạng cơ quan, hãy đánh dấu nguồn là nguồn nội bộ (local = true).",
            lasting=True,
        )
    if isinstance(error, RobotsUnreadable):
        words = f"Không đọc được robots.txt của {host} (máy chủ hỏng), nên chưa biết trang có cho đọc không."
        return Cause(words)
    if isinstance(error, IgnoreRequest):
        return _of_refusal(str(error), host)
    return _of_network(error, host)


def status_of(error: BaseException | None) -> int | None:
    """The status that a server answered with, None where it was no answer that failed."""
    return int(error.response.status) if isinstance(error, HttpError) else None


def _of_status(status: int, host: str) -> Cause:
    if status in (401, 403, 451):
        return Cause(f"Trang từ chối cho đọc ({status}).", lasting=True)
    if status in GONE:
        return Cause(f"Địa chỉ không còn ({status}).", lasting=True, advice="Kiểm tra lại địa chỉ của nguồn.")
    if status == TOO_MANY:
        return Cause("Máy chủ báo ta hỏi quá dày (429); lần sau sẽ thưa hơn.", rest=True)
    if status >= 500:
        return Cause(f"Máy chủ {host} đang hỏng hoặc quá tải ({status}).", rest=status == 503)
    return Cause(f"Máy chủ {host} trả về mã lạ ({status}).")


def _of_refusal(message: str, host: str) -> Cause:
    if "robots.txt" in message:
        return Cause("robots.txt của trang cấm đọc địa chỉ này.", lasting=True)
    if "DOWNLOAD_MAXSIZE" in message:
        return _too_heavy()
    if "redirections" in message:
        return Cause(f"Máy chủ {host} chuyển hướng vòng quanh, không tới trang nào.", lasting=True)
    return Cause(f"Không đọc được trang ở {host}: {message[:120]}")


def _of_network(error: BaseException | None, host: str) -> Cause:
    said = _chain(error)
    if isinstance(error, CannotResolveHostError):
        return Cause(f"Không tìm thấy máy chủ {host}: máy này chưa nối mạng, hoặc tên miền không còn.")
    if isinstance(error, DownloadConnectionRefusedError):
        return Cause(f"Máy chủ {host} từ chối kết nối.")
    if isinstance(error, DownloadTimeoutError):
        return Cause(f"Hết giờ chờ: máy chủ {host} không trả lời trọn trong thời hạn.")
    if isinstance(error, DownloadCancelledError):
        return _too_heavy()
    if isinstance(error, UnsupportedURLSchemeError):
        return Cause("Địa chỉ không phải http hay https.", lasting=True)
    if "certificate" in said or "ssl" in said or "tls" in said or "verifyerror" in said:
        return Cause(f"Chứng thư TLS của {host} không dùng được (hết hạn, tự ký hoặc sai tên).")
    if isinstance(error, ResponseDataLossError):
        return Cause(f"Máy chủ {host} ngắt giữa chừng, trang về không đủ.")
    return Cause(f"Không nối được tới {host}: mạng đứt hoặc máy chủ không nghe.")


def _too_heavy() -> Cause:
    return Cause(f"Trang nặng hơn {HEAVIEST // 2**20} MB nên không tải.", lasting=True)


def _chain(error: BaseException | None) -> str:
    """All that an error and its causes say, in lower case."""
    said: list[str] = []
    while error is not None and len(said) < 8:
        said.append(f"{type(error).__name__} {error!r} {getattr(error, 'reasons', '')}")
        error = error.__cause__ or error.__context__
    return " ".join(said).lower()
