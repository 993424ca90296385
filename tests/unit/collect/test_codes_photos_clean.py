"""Tracking codes, pictures, and what counts as readable text."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from listener.collect import clean, codes
from listener.collect.found import PhotoFile
from listener.collect.photos import store_photos
from listener.errors import EmptyText, NotText, PhotoRefused, TextTooLong


@given(st.integers(0, 9), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_never_passes(place: int, wrong: str) -> None:
    plain = codes.normal(codes.new_code())
    assert plain is not None
    mistyped = plain[:place] + wrong + plain[place + 1 :]
    assert (codes.normal(mistyped) is not None) == (mistyped == plain)


def test_codes_are_read_however_they_are_typed() -> None:
    code = codes.code_for_key("k", b"secret")
    assert codes.normal(code.lower().replace("-", " ")) == codes.normal(code)
    assert codes.code_for_key("k", b"secret") == code
    assert codes.code_hash(code, b"secret") == codes.code_hash(code.replace("-", "").lower(), b"secret")


def picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    image = Image.new("RGB", size, "green")
    exif = image.getexif()
    exif[0x8825] = {1: "N", 2: (10.0, 2.0, 0.0)}
    exif[0x0112] = 6  # turned by 90°
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def test_a_photo_is_upright_smaller_and_without_its_position(tmp_path: Path) -> None:
    (stored,) = store_photos((PhotoFile("a.jpg", picture()),), tmp_path)
    with Image.open(tmp_path / stored.path) as image:
        assert image.size == (800, 1600)
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 not a picture", b"", picture()[:300], b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_refused_and_nothing_is_written(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        store_photos((PhotoFile("ok.jpg", picture()), PhotoFile("bad.jpg", content)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_six_photos_and_heavy_photos_are_refused_with_the_figure(tmp_path: Path) -> None:
    with pytest.raises(PhotoRefused, match="tối đa 5 ảnh"):
        store_photos((PhotoFile("a.jpg", picture()),) * 6, tmp_path)
    with pytest.raises(PhotoRefused, match="nặng 11 MB"):
        store_photos((PhotoFile("a.jpg", b"0" * 11 * 1024 * 1024),), tmp_path)


@pytest.mark.parametrize("text", ["", "   \n", "...", "\u200b", "🙂"])
def test_a_text_without_a_letter_is_empty(text: str) -> None:
    with pytest.raises(EmptyText):
        clean.readable(text)


def test_a_megabyte_and_binary_are_refused() -> None:
    with pytest.raises(TextTooLong, match=r"1\.000\.000"):
        clean.readable("a" * 1_000_000)
    with pytest.raises(NotText):
        clean.readable(bytes(range(256)).decode("latin-1") * 3)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = clean.readable(text)
    except (EmptyText, NotText):
        return
    assert clean.readable(once) == once
