"""Make the sizes of one picture, or say why it is none: uploads come from anybody."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
"""Decoders that uploads reach; Pillow has some for a hundred formats, with a history of faults."""
MOST_PIXELS = 40_000_000
"""A phone's camera makes 12 to 50 million; decoded, this many take 160 MB of a small server's 2 GB."""
LONGEST_SIDE = 12_000
SHORTEST_SIDE = 16
QUALITY = 80


class UselessError(Exception):
    """This is no picture that the store shows; the text is for its seller."""


def sizes(original: bytes, widths: tuple[int, ...]) -> dict[int, bytes]:
    """Each width -> the picture as WebP, at most as wide, upright, and without what the camera noted (its place, too).

    Only the head is read before its dimensions are known to be harmless. Raises UselessError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MOST_PIXELS is the lower limit
        try:
            with Image.open(io.BytesIO(original), formats=FORMATS) as picture:
                _check(*picture.size)
                picture.draft("RGB", (2 * max(widths), 2 * max(widths)))
                upright = ImageOps.exif_transpose(picture).convert("RGBA" if _transparent(picture) else "RGB")
        except UnidentifiedImageError:
            raise UselessError("this file is no JPEG, PNG or WebP picture") from None
        except Image.DecompressionBombError:
            raise UselessError(_too_large()) from None
        except (OSError, ValueError, SyntaxError, EOFError):  # what Pillow's decoders raise for broken files
            raise UselessError("this picture is broken: it cannot be read to its end") from None
    return {width: _webp(upright, width) for width in widths}


def _check(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise UselessError(_too_large())
    if min(width, height) < SHORTEST_SIDE:
        raise UselessError(f"this picture is smaller than {SHORTEST_SIDE} x {SHORTEST_SIDE} pixels")


def _too_large() -> str:
    millions = MOST_PIXELS // 1_000_000
    return f"this picture has more than {millions} million pixels, or a side of more than {LONGEST_SIDE}"


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _webp(picture: Image.Image, width: int) -> bytes:
    scaled = picture.copy()
    scaled.thumbnail((width, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    scaled.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()
