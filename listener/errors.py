"""The one tree of errors. The message says, in Vietnamese, what happened and what to do about it."""


class ListenerError(Exception):
    """Something the reader of the message can mend. ``status`` is the HTTP answer where it reaches one."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(ListenerError):
    """What was sent cannot be used as it is: correct the named field and send it again."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class EmptyText(BadInput):
    """The text holds no words: write what happened."""

    def __init__(self) -> None:
        super().__init__("Chưa có nội dung. Hãy viết vài chữ về việc cần phản ánh.", field="text")


class TextTooLong(BadInput):
    """The text is longer than a report may be: shorten it, or attach it as a file to a letter."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"Nội dung dài {length:,} ký tự, tối đa là {limit:,}. Hãy rút gọn rồi gửi lại.".replace(",", "."),
            field="text",
        )


class NotText(BadInput):
    """The body is not readable text (binary, or another encoding than UTF-8): send plain UTF-8 text."""

    def __init__(self) -> None:
        super().__init__("Nội dung không phải chữ đọc được. Hãy gửi chữ thường, mã UTF-8.", field="text")


class PhotoRefused(BadInput):
    """The file is no picture or too heavy: choose a JPEG, PNG or WebP under the limit, or send without it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="photos")


class SourceRefused(BadInput):
    """A source cannot be added as it is; ``fields`` says of each field what is wrong."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotFound(ListenerError):
    """Nothing of that number, code or name exists here, or the asker may not know of it."""

    status = 404


class UnknownDepartment(ListenerError):
    """No department of that code stands in the catalogue: `listener catalog check` lists the known ones."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(f"Không có đơn vị nào mang mã “{code}”. Xem các mã bằng lệnh: listener catalog export")


class Forbidden(ListenerError):
    """The role does not allow it: ask the administrator, or hand the matter to who may."""

    status = 403


class NotSignedIn(ListenerError):
    """No session, or it has ended: sign in again; nothing typed is lost."""

    status = 401


class Conflict(ListenerError):
    """Somebody else changed the matter meanwhile: look at the change, then decide again."""

    status = 409


class MoveRefused(Conflict):
    """The workflow does not allow this step from the present state."""


class TooLarge(ListenerError):
    """The body is larger than this address takes: send less at once."""

    status = 413


class NotSetUp(ListenerError):
    """A setting is missing, and without it the address does not exist; the message names it."""

    status = 404


class HookBroken(ListenerError):
    """A webhook could not be taken in through a fault of ours: the platform sends it again."""

    status = 500


class TooMany(ListenerError):
    """Too many requests from one place: wait as long as the message says."""

    status = 429


class CatalogFault(ListenerError):
    """The catalogue contradicts itself; the message names each fault. Nothing was loaded."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Danh mục có chỗ cần sửa, chưa nạp gì:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


class FileRefused(ListenerError):
    """The file cannot be imported; the message names the column or line and what was expected."""


class StoreUnavailable(ListenerError):
    """The database does not answer: check that it runs and that LISTENER_DATABASE_URL is right."""

    status = 503


class ModelRefused(ListenerError):
    """The model may not be served: no card, below the floors, or labels the taxonomy lacks."""


class AuditBroken(ListenerError):
    """The audit was tampered with: keep the database as it is and call the city's security officer."""

    status = 500


class PortInUse(ListenerError):
    """Another program listens on the port: end it, or choose another with --port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: listener up --port {port + 1}")
