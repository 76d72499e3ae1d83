"""Photos: judged by what is in them, kept as they are; time and place are read from what the camera wrote (EXIF)."""

import io
import math
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

from core.antivirus import require_harmless
from core.errors import TooLarge, UnsupportedFile
from core.files import LONGEST_NAME, MEGABYTE, checked_filename
from core.i18n import marked

LARGEST_MEGABYTES = 10
MOST_PIXELS = 200_000_000
KINDS = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
NO_PHOTO = marked("“{name}”不是 JPEG 或 PNG 照片，请重新拍摄或另存后再上传。")
EMPTY = marked("“{name}”是空文件，请重新选择文件。")
DAMAGED = marked("“{name}”已损坏或不完整，请重新拍摄后再上传。")
SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Photo:
    """What a photo is and what the camera says of it; `taken_at` is the camera's own clock, without a time zone."""

    filename: str
    kind: str
    taken_at: str = ""
    latitude: float | None = None
    longitude: float | None = None


def examined_photo(data: bytes, filename: str) -> Photo:
    """Return what an uploaded photo is, or raise `TooLarge` (10 MB) or `UnsupportedFile` saying what is wrong."""
    name = checked_filename(filename)
    if len(data) > LARGEST_MEGABYTES * MEGABYTE:
        raise TooLarge(limit=LARGEST_MEGABYTES)
    if not data:
        raise UnsupportedFile(EMPTY, name=name)
    if not data.startswith(tuple(SIGNATURES.values())):
        raise UnsupportedFile(NO_PHOTO, name=name)
    require_harmless(data, name)
    kind, ending, exif = _opened(data, name)
    stem = name if not name.lower().endswith((".jpg", ".jpeg", ".png")) else name.rpartition(".")[0]
    shown = f"{stem[: LONGEST_NAME - len(ending)]}{ending}"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    return Photo(
        shown,
        kind,
        _moment(exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)),
        _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, 90),
        _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, 180),
    )


def _opened(data: bytes, name: str) -> tuple[str, str, Image.Exif]:
    """Open a photo, check that it is whole without unpacking all of it, and read what the camera wrote."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # how large a photo may be is said here
            _check(data)
            with Image.open(io.BytesIO(data), formats=list(KINDS)) as image:
                exif = image.getexif()
                exif.get_ifd(ExifTags.IFD.GPSInfo)
                exif.get_ifd(ExifTags.IFD.Exif)
                return *KINDS[str(image.format)], exif
    except Exception as error:  # whatever a damaged photo makes of the library
        raise UnsupportedFile(DAMAGED, name=name) from error


def _check(data: bytes) -> None:
    """Raise something when a photo is too large to unpack or not whole: JPEG is read at an eighth, PNG by its sums."""
    with Image.open(io.BytesIO(data), formats=list(KINDS)) as image:
        if image.width * image.height > MOST_PIXELS:
            message = f"{image.width} by {image.height} pixels"
            raise ValueError(message)
        if image.format == "JPEG":
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
        else:
            image.verify()


def _moment(written: object) -> str:
    """Return `2026:11-24 10:12:00` as `2026-11-24 10:12:00`; nothing for what is no moment."""
    text = str(written or "").strip("\0 ")
    date, _, time = text.partition(" ")
    parts = date.split(":") + time.split(":")
    return f"{'-'.join(parts[:3])} {':'.join(parts[3:])}" if len(parts) == 6 and all(map(str.isdigit, parts)) else ""


def _degrees(place: dict[int, Any], tag: int, side: int, most: int) -> float | None:
    """Return degrees with their sign, of degrees, minutes and seconds; None for what is no place."""
    try:
        degrees, minutes, seconds = (float(part) for part in place[tag])
        found = degrees + minutes / 60 + seconds / 3600
        west_or_south = str(place.get(side, "")).strip("\0 ").upper() in {"S", "W"}
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(found) or not 0 <= found <= most:
        return None
    return round(-found if west_or_south else found, 6)
