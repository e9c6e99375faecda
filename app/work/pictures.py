"""Make the sizes of an uploaded picture, put them where the CDN serves them, and tell the catalog."""

import asyncio
import re

from app.data.objects import Objects, TooLongError
from app.messages import Message, PictureUploaded
from app.queue.work import Kind, PoisonError, Work
from app.services.catalog.gallery import MAX_BYTES, WIDTHS, Gallery, size_key, upload_key
from app.services.catalog.pictures import PostgresGallery
from app.services.fields import IDENTIFIER
from app.stores import Stores
from app.work.resizing import UselessError, sizes

FOR_EVER = "public, max-age=31536000, immutable"


class Pictures:
    """Handles PictureUploaded. Repeating it is harmless: names follow from the picture, and the first word stands."""

    def __init__(self, gallery: Gallery, objects: Objects) -> None:
        """Read uploads from *objects* and put the sizes there; say in *gallery* what came of it."""
        self._gallery = gallery
        self._objects = objects

    async def handle(self, message: Message) -> None:
        """Raises PoisonError for a message of another type, or one whose ids would lead elsewhere in the bucket."""
        if not isinstance(message, PictureUploaded):
            raise PoisonError(f"{type(message).__name__} is not for the queue of pictures")
        item_id, picture_id = message.item_id, message.picture_id
        if not (re.match(IDENTIFIER, item_id) and re.match(IDENTIFIER, picture_id)):
            raise PoisonError("the item or the picture is not named by a UUID")
        if not await self._gallery.is_wanted(item_id, picture_id):
            return
        try:
            await self._make(item_id, picture_id)
        except UselessError as useless:
            await self._gallery.decide(item_id, picture_id, str(useless))
        else:
            await self._gallery.decide(item_id, picture_id, "")

    async def _make(self, item_id: str, picture_id: str) -> None:
        try:
            original = await self._objects.get(upload_key(item_id, picture_id), MAX_BYTES)
        except TooLongError:
            raise UselessError(f"this file is longer than {MAX_BYTES // 1024 // 1024} MiB") from None
        if original is None:
            raise UselessError("nothing was uploaded under this id")
        for width, content in (await asyncio.to_thread(sizes, original, WIDTHS)).items():
            await self._objects.put(size_key(item_id, picture_id, width), content, "image/webp", FOR_EVER)


def _work(stores: Stores) -> Work:
    """One picture at a time in each lane: a large one takes a processor for seconds and 200 MB."""
    return Work(handle=Pictures(PostgresGallery(stores.database), stores.pictures).handle, at_once=1)


KIND = Kind(work=_work, tables=("catalog",))
