"""What each thing of the catalogue looks like, standing on a table whose edge is at 430 of 600 pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from traffic.pen import Pen

WOOD, STEEL, PAPER, GLOW = "#b98a5a", "#9aa3ab", "#f6f1e4", "#ffe9a8"


def mug(pen: Pen) -> None:
    """With its handle to the right."""
    pen.bow((490, 240), (640, 430), "dark", 32)
    pen.box((250, 180), (530, 480), "body", 40)
    pen.box((460, 200), (530, 470), "dark", 34)
    pen.box((280, 230), (306, 440), "light", 13)
    pen.oval((250, 150), (530, 230), "light")
    pen.oval((268, 162), (512, 220), "deep")


def teapot(pen: Pen) -> None:
    """Its spout to the left, its lid on."""
    pen.shape("dark", (290, 400), (150, 250), (110, 232), (176, 232), (330, 320))
    pen.bow((510, 220), (680, 430), "dark", 30, (-140, 140))
    pen.oval((230, 190), (590, 490), "body")
    pen.slice((230, 190), (590, 490), "dark", (-35, 75))
    pen.oval((275, 250), (325, 390), "light")
    pen.slice((300, 165), (520, 275), "light", (180, 360))
    pen.oval((382, 130), (438, 180), "deep")
    pen.box((330, 470), (490, 492), "deep", 10)


def bowl(pen: Pen) -> None:
    """Empty."""
    pen.box((320, 460), (480, 490), "deep", 8)
    pen.slice((170, 110), (630, 480), "body", (0, 180))
    pen.slice((170, 110), (630, 480), "dark", (0, 70))
    pen.oval((170, 240), (630, 350), "light")
    pen.oval((195, 254), (605, 338), "deep")
    pen.bow((205, 150), (595, 445), "light", 12, (120, 165))


def desk_lamp(pen: Pen) -> None:
    """Switched on."""
    pen.shape(GLOW, (440, 270), (620, 190), (780, 500), (540, 500))
    pen.oval((230, 455), (470, 505), "deep")
    pen.oval((230, 440), (470, 490), "body")
    pen.line(STEEL, 16, (350, 460), (250, 290), (450, 150))
    pen.oval((228, 268), (272, 312), "deep")
    pen.shape("body", (430, 120), (520, 90), (650, 190), (430, 300))
    pen.shape("dark", (520, 90), (650, 190), (560, 235))
    pen.shape("light", (650, 190), (430, 300), (440, 276), (630, 182))


def notebook(pen: Pen) -> None:
    """Closed, its ribbon out."""
    pen.shape("#c03a3a", (380, 470), (410, 470), (410, 530), (395, 515), (380, 530))
    pen.box((270, 130), (560, 490), PAPER, 10)
    pen.box((250, 120), (540, 480), "body", 14)
    pen.box((250, 120), (296, 480), "dark", 14)
    pen.box((340, 190), (490, 270), PAPER, 6)
    pen.line("deep", 5, (360, 220), (470, 220))
    pen.line("deep", 5, (360, 243), (440, 243))
    pen.box((506, 120), (518, 480), "deep")


def backpack(pen: Pen) -> None:
    """From its front."""
    pen.bow((340, 80), (460, 190), "deep", 18, (180, 360))
    pen.box((220, 260), (300, 460), "deep", 30)
    pen.box((500, 260), (580, 460), "deep", 30)
    pen.box((245, 120), (555, 490), "body", 90)
    pen.box((470, 170), (555, 480), "dark", 40)
    pen.box((290, 310), (510, 465), "light", 26)
    pen.box((290, 310), (510, 365), "dark", 22)
    pen.line(PAPER, 6, (310, 365), (490, 365))
    pen.bow((275, 150), (525, 420), "deep", 6, (195, 345))
    pen.box((388, 350), (412, 390), WOOD, 6)


def blanket(pen: Pen) -> None:
    """Folded, with its fringe."""
    for layer, shade in enumerate(("dark", "body", "light")):
        top = 390 - 78 * layer
        pen.box((170 + 6 * layer, top), (630 - 6 * layer, top + 92), shade, 42)
        pen.box((520, top + 22), (622 - 6 * layer, top + 34), "deep", 6)
    for x in range(230, 480, 34):
        pen.line(PAPER, 8, (x, 236), (x, 318))
    for x in range(186, 620, 18):
        pen.line("deep", 5, (x, 478), (x - 3, 506))


def cutting_board(pen: Pen) -> None:
    """Leaning on the wall, with a band of its colour."""
    pen.box((250, 90), (550, 500), "#8d6239", 34)
    pen.box((240, 80), (540, 490), WOOD, 34)
    for x in (290, 345, 440, 495):
        pen.line("#a67848", 6, (x, 110), (x, 460))
    pen.box((240, 380), (540, 440), "body")
    pen.box((240, 380), (540, 394), "light")
    pen.oval((365, 110), (415, 160), "#6b4826")


def wall_clock(pen: Pen) -> None:
    """Ten past ten."""
    pen.oval((228, 58), (588, 418), "deep")
    pen.oval((220, 50), (580, 410), "body")
    pen.bow((226, 56), (574, 404), "light", 8, (150, 290))
    pen.oval((256, 86), (544, 374), PAPER)
    for x, y in ((400, 112), (400, 348), (282, 230), (518, 230)):
        pen.oval((x - 9, y - 9), (x + 9, y + 9), "deep")
    pen.line("deep", 13, (400, 230), (332, 188))
    pen.line("deep", 9, (400, 230), (492, 158))
    pen.line("#c03a3a", 4, (380, 262), (448, 150))
    pen.oval((386, 216), (414, 244), "body")


def chair(pen: Pen) -> None:
    """From its side, a little from above."""
    for x, top, bottom in ((318, 300, 470), (500, 300, 470)):
        pen.line("deep", 18, (x, top), (x, bottom))
    pen.line("dark", 22, (270, 90), (262, 510))
    pen.line("dark", 22, (530, 330), (540, 510))
    pen.line("dark", 22, (462, 90), (468, 330))
    pen.box((262, 90), (470, 160), "body", 22)
    pen.box((266, 190), (468, 240), "body", 18)
    pen.shape("body", (250, 350), (320, 300), (556, 300), (556, 350))
    pen.box((250, 340), (556, 374), "dark", 10)
    pen.line("light", 8, (284, 112), (446, 112))


def bicycle_bell(pen: Pen) -> None:
    """On a piece of its handlebar."""
    pen.line("#3d4247", 46, (120, 440), (680, 440))
    pen.line("#5b6269", 12, (130, 428), (670, 428))
    pen.box((360, 390), (440, 470), STEEL, 12)
    pen.slice((220, 150), (580, 620), "body", (180, 360))
    pen.slice((220, 150), (580, 620), "dark", (285, 360))
    pen.bow((252, 182), (548, 590), "light", 16, (205, 255))
    pen.box((210, 370), (590, 400), "deep", 15)
    pen.oval((372, 128), (428, 176), STEEL)
    pen.line(STEEL, 18, (575, 388), (660, 330))
    pen.oval((640, 306), (690, 350), "deep")


def watering_can(pen: Pen) -> None:
    """Its long spout to the left."""
    pen.shape("dark", (320, 440), (130, 190), (160, 178), (330, 350))
    pen.shape("deep", (104, 204), (180, 150), (190, 168), (118, 226))
    pen.bow((470, 200), (680, 440), "dark", 24, (-120, 110))
    pen.bow((330, 130), (560, 340), "dark", 22, (180, 360))
    pen.box((300, 230), (570, 490), "body", 26)
    pen.box((500, 240), (570, 484), "dark", 24)
    pen.box((328, 280), (352, 450), "light", 12)
    pen.oval((300, 206), (570, 262), "light")
    pen.slice((318, 214), (552, 254), "deep", (0, 360))


SHAPES: Mapping[str, Callable[[Pen], None]] = MappingProxyType(
    {
        "Mug": mug,
        "Teapot": teapot,
        "Bowl": bowl,
        "Desk lamp": desk_lamp,
        "Notebook": notebook,
        "Backpack": backpack,
        "Blanket": blanket,
        "Cutting board": cutting_board,
        "Wall clock": wall_clock,
        "Chair": chair,
        "Bicycle bell": bicycle_bell,
        "Watering can": watering_can,
    }
)
"""Thing -> what draws it."""
