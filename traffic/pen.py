"""Draw flat shapes in one colour and its shades, with smooth edges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PIL import Image, ImageColor, ImageDraw

SIZE = (800, 600)
"""Pixels of a finished picture; every coordinate is one of them."""
FINER = 2
"""Drawn so many times as large and then reduced: edges of shapes are smooth."""
Colour = tuple[int, int, int]
Place = tuple[float, float]

SHADES: Mapping[str, float] = MappingProxyType({"light": 0.3, "body": 0.0, "dark": -0.22, "deep": -0.45})
"""How far towards white, or with a minus towards black, each shade of a colour is."""


def mixed(colour: Colour, other: Colour, part: float) -> Colour:
    """*colour* with so large a *part* (0 to 1) of the *other*."""
    red, green, blue = (round(mine + (theirs - mine) * part) for mine, theirs in zip(colour, other, strict=True))
    return red, green, blue


class Pen:
    """Draws on a picture: shades by their names in SHADES, everything else as a colour of CSS."""

    def __init__(self, wall: Colour, table: Colour, colour: Colour) -> None:
        """Begin with a *table* before a *wall*, for a thing of *colour*."""
        self._colour = colour
        self._image = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), wall)
        self._draw = ImageDraw.Draw(self._image)
        self.box((0, 430), (800, 600), table)

    def finished(self) -> Image.Image:
        """The picture at its size."""
        return self._image.resize(SIZE, Image.Resampling.LANCZOS)

    def oval(self, left_top: Place, right_bottom: Place, shade: str | Colour) -> None:
        """A filled ellipse inside a box."""
        self._draw.ellipse(_scaled(left_top, right_bottom), self._shaded(shade))

    def box(self, left_top: Place, right_bottom: Place, shade: str | Colour, round_: float = 0) -> None:
        """A filled rectangle, its corners *round_* pixels wide."""
        self._draw.rounded_rectangle(_scaled(left_top, right_bottom), round_ * FINER, self._shaded(shade))

    def shape(self, shade: str | Colour, *corners: Place) -> None:
        """A filled polygon."""
        self._draw.polygon(_scaled(*corners), self._shaded(shade))

    def line(self, shade: str | Colour, width: float, *places: Place) -> None:
        """A line with round ends and bends."""
        self._draw.line(_scaled(*places), self._shaded(shade), round(width * FINER), joint="curve")
        for x, y in (places[0], places[-1]):
            self.oval((x - width / 2, y - width / 2), (x + width / 2, y + width / 2), shade)

    def bow(
        self, left_top: Place, right_bottom: Place, shade: str | Colour, width: float, turn: Place = (0, 360)
    ) -> None:
        """A part of an ellipse's rim, *width* pixels wide, from one angle to the other; 0 is right, 90 below."""
        self._draw.arc(_scaled(left_top, right_bottom), turn[0], turn[1], self._shaded(shade), round(width * FINER))

    def slice(self, left_top: Place, right_bottom: Place, shade: str | Colour, turn: Place) -> None:
        """A part of an ellipse, from one angle to the other, cut straight."""
        self._draw.chord(_scaled(left_top, right_bottom), turn[0], turn[1], self._shaded(shade))

    def _shaded(self, shade: str | Colour) -> Colour:
        if not isinstance(shade, str):
            return shade
        if shade not in SHADES:
            return ImageColor.getcolor(shade, "RGB")  # pyright: ignore[reportReturnType]  of three numbers in RGB
        part = SHADES[shade]
        return mixed(self._colour, (255, 255, 255) if part > 0 else (0, 0, 0), abs(part))


def _scaled(*places: Place) -> list[tuple[float, float]]:
    return [(x * FINER, y * FINER) for x, y in places]
