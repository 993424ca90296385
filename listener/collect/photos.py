"""Pictures: checked, turned upright, made smaller, and written anew so that nothing of their metadata stays."""

import io
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from listener.collect.found import PhotoFile
from listener.errors import PhotoRefused

MOST_BYTES = 10 * 1024 * 1024
MOST_PHOTOS = 5
LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """Where a picture lies below the data folder, and its size in pixels."""

    path: str
    width: int
    height: int


def store_photos(photos: tuple[PhotoFile, ...], data_dir: Path) -> list[StoredPhoto]:
    """Write the pictures below ``data_dir`` and say where.

    Raises
    ------
    PhotoRefused
        Too many, too heavy, or no picture; nothing was written for it.
    """
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(f"Mỗi phản ánh gửi được tối đa {MOST_PHOTOS} ảnh. Hãy bỏ bớt rồi gửi lại.")
    return [_store(image, data_dir) for image in [_open(photo) for photo in photos]]


def _open(photo: PhotoFile) -> Image.Image:
    megabytes = len(photo.content) / 1024 / 1024
    if len(photo.content) > MOST_BYTES:
        raise PhotoRefused(f"Ảnh này nặng {megabytes:.0f} MB. Chọn ảnh dưới 10 MB, hoặc gửi không cần ảnh.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(photo.content), formats=["JPEG", "PNG", "WEBP"])
            if image.width * image.height > MOST_PIXELS:
                raise PhotoRefused("Ảnh này quá lớn. Chụp lại với cỡ nhỏ hơn, hoặc gửi không cần ảnh.")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        raise PhotoRefused(
            f"Tệp “{photo.name[:60]}” không phải ảnh JPEG, PNG hoặc WebP. Chọn ảnh khác, hoặc gửi không cần ảnh."
        ) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def _store(image: Image.Image, data_dir: Path) -> StoredPhoto:
    name = secrets.token_urlsafe(16)
    path = Path("photos") / name[:2].lower() / f"{name}.jpg"
    (data_dir / path).parent.mkdir(parents=True, exist_ok=True)
    image.save(data_dir / path, "JPEG", quality=82, exif=b"")
    return StoredPhoto(str(path), image.width, image.height)
