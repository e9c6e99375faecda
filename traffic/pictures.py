"""The photograph of a listing that its seller uploads: what is sold, in its colour; the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType

from traffic.catalogue import MATERIALS, Listing
from traffic.pen import Colour, Pen, mixed
from traffic.shapes import SHAPES

CONTENT_TYPE = "image/jpeg"
QUALITY = 88
"""Of the JPEG: some 20 KiB a picture."""
PAINTS: Mapping[str, Colour] = MappingProxyType(
    {
        "blue": (62, 108, 176), "green": (76, 138, 84), "red": (190, 66, 58), "ochre": (204, 150, 52),
        "grey": (140, 144, 150), "white": (232, 230, 224), "black": (58, 58, 64), "plum": (122, 62, 108),
        "teal": (42, 134, 138), "rust": (176, 86, 46), "sand": (212, 190, 150), "mint": (146, 206, 178),
    }
)  # fmt: skip
"""A colour's name -> the paint."""
WALLS: tuple[Colour, ...] = ((236, 228, 214), (214, 226, 230), (226, 220, 232), (222, 230, 214))
TABLES: tuple[Colour, ...] = ((176, 140, 104), (124, 108, 96), (206, 182, 150))
SHADOW = (180, 470), (640, 530)
"""Where the thing stands on its table."""


def drawn(listing: Listing) -> bytes:
    """A JPEG of 800 x 600 pixels; a seller's room looks the same for each material."""
    room = MATERIALS.index(listing.material)
    table = TABLES[room % len(TABLES)]
    pen = Pen(WALLS[room % len(WALLS)], table, PAINTS[listing.colour])
    if listing.thing != "Wall clock":
        pen.oval(*SHADOW, mixed(table, (0, 0, 0), 0.25))
    SHAPES[listing.thing](pen)
    out = io.BytesIO()
    pen.finished().save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
