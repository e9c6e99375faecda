"""What a picture of an item is, under which names its sizes are served, and where all that is kept."""

from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from app.contract import UPLOADS
from app.data.database import NOWHERE, Position

MAX_BYTES = 10 * 1024 * 1024
"""Of one upload: S3 refuses the form's file beyond it, and the worker does not fetch it."""
MAX_PICTURES = 8
"""Of one item."""
WIDTHS = (160, 480, 1200)
"""Pixels: a list's, a page's, and the whole screen's. A picture that is narrower is served as wide as it is."""
UPLOAD_S = 900
"""Seconds for which the form for an upload is good."""

State = Literal["awaited", "uploaded", "ready", "refused"]
"""Announced; put into the object store; served; of no use, for the reason in `refusal`."""


class NewPicture(Struct, frozen=True, forbid_unknown_fields=True):
    """What a seller says of a picture before it is uploaded."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"]


class Picture(Struct, frozen=True):
    """One picture, and what became of it."""

    picture_id: str
    state: State
    refusal: str
    """Why it is of no use, for its seller; empty unless it was refused."""
    path: Annotated[str, Meta(description="Where it is served: append -160.webp, -480.webp or -1200.webp.")]


class Upload(Struct, frozen=True):
    """How the picture is uploaded: the fields and then the file, as multipart/form-data, to the url."""

    picture: Picture
    url: str
    fields: dict[str, str]
    max_bytes: int


class FullError(Exception):
    """The item has MAX_PICTURES already."""


class UnknownPictureError(Exception):
    """There is no such picture of the item."""


class Gallery(Protocol):
    """Where is kept what became of each picture."""

    async def announce(self, item_id: str, seller_id: str, picture_id: str, content_type: str) -> tuple[Picture, bool]:
        """Expect an upload; False when it was. Raises UnknownItemError, NotTheirsError, FullError, TakenError."""
        ...

    async def uploaded(self, item_id: str, seller_id: str, picture_id: str) -> Picture:
        """Know that it was uploaded; raises UnknownItemError, NotTheirsError, UnknownPictureError."""
        ...

    async def of_item(self, item_id: str, after: Position = NOWHERE) -> list[Picture]:
        """The item's pictures in their order, with every change up to *after*."""
        ...

    async def is_wanted(self, item_id: str, picture_id: str) -> bool:
        """Whether its sizes are still to be made."""
        ...

    async def decide(self, item_id: str, picture_id: str, refusal: str) -> None:
        """Have it served, or refused for a reason; what was decided before stays."""
        ...


def upload_key(item_id: str, picture_id: str) -> str:
    """Where an upload lies in the bucket of pictures: outside of what the CDN serves."""
    return f"{UPLOADS}{item_id}/{picture_id}"


def path_of(item_id: str, picture_id: str) -> str:
    """Where a picture is served, without its size: the name never changes its content, so caches may keep it."""
    return f"/pictures/{item_id}/{picture_id}"


def size_key(item_id: str, picture_id: str, width: int) -> str:
    """Where one size lies in the bucket: the path below which the CDN asks for it."""
    return f"{path_of(item_id, picture_id).removeprefix('/')}-{width}.webp"
