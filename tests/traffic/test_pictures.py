"""A listing's picture: what is sold, in its colour, and the same bytes each time."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from traffic.catalogue import COLOURS, THINGS, catalogue
from traffic.pen import SIZE
from traffic.pictures import PAINTS, drawn

LISTING = next(catalogue(1))


def part_in(paint, picture):
    """How much of a picture is painted so, or nearly so: JPEG moves a colour a little."""
    small = Image.open(io.BytesIO(picture)).reduce(4)
    counts: Any = small.getcolors(small.width * small.height)
    near = [count for count, seen in counts if max(abs(a - b) for a, b in zip(seen, paint, strict=True)) < 12]
    return sum(near) / (small.width * small.height)


@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_is_drawn_in_its_colour(thing):
    assert part_in(PAINTS["plum"], drawn(replace(LISTING, thing=thing, colour="plum"))) > 0.02


def test_every_colour_has_its_paint():
    assert (set(PAINTS), len(set(PAINTS.values()))) == (set(COLOURS), len(COLOURS))


def test_a_picture_is_the_same_each_time_and_another_for_another_thing_material_or_colour():
    others = [replace(LISTING, thing="Mug"), replace(LISTING, material="oak"), replace(LISTING, colour="plum")]
    pictures = {drawn(each) for each in (LISTING, LISTING, *others)}
    assert (len(pictures), {Image.open(io.BytesIO(each)).size for each in pictures}) == (4, {SIZE})
