"""Small real photos, with what a camera writes into them."""

import io
from functools import cache

from PIL import ExifTags, Image


@cache
def a_photo(shade: int = 90, *, taken: str = "2026:09:14 10:12:00", kind: str = "JPEG") -> bytes:
    """Return a photo of one colour, taken at the Yellow Crane Tower's place."""
    image = Image.new("RGB", (64, 48), (shade, 120, 60))
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (30.0, 32.0, 41.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (114.0, 18.0, 8.0),
        }
    )
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=exif)
    return buffer.getvalue()
