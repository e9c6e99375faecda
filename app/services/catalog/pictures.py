"""What became of pictures, in PostgreSQL; the listing's own picture is written in the same transaction."""

from typing import Any

from app.data.database import NOWHERE, Database, Position
from app.data.postgres import Connection
from app.services.catalog.domain import NotTheirsError, TakenError, UnknownItemError
from app.services.catalog.gallery import MAX_PICTURES, FullError, Picture, UnknownPictureError, path_of

_SELLER = "SELECT seller_id FROM catalog.items WHERE item_id = $1 FOR UPDATE"
_ANNOUNCE = """
INSERT INTO catalog.pictures (item_id, picture_id, content_type, state) VALUES ($1, $2, $3, 'awaited')
ON CONFLICT DO NOTHING
"""
_KNOWN = "SELECT picture_id, content_type, state, refusal FROM catalog.pictures WHERE item_id = $1 AND picture_id = $2"
_COUNT = "SELECT count(*) FROM catalog.pictures WHERE item_id = $1 AND state <> 'refused'"
_UPLOADED = """
UPDATE catalog.pictures SET state = 'uploaded' WHERE item_id = $1 AND picture_id = $2 AND state = 'awaited'
"""
_LIST = "SELECT picture_id, state, refusal FROM catalog.pictures WHERE item_id = $1 ORDER BY place"
_WANTED = "SELECT true FROM catalog.pictures WHERE item_id = $1 AND picture_id = $2 AND state = 'uploaded'"
_DECIDE = """
UPDATE catalog.pictures SET state = $3, refusal = $4 WHERE item_id = $1 AND picture_id = $2 AND state = 'uploaded'
"""
_SHOW = "UPDATE catalog.items SET picture = $2 WHERE item_id = $1 AND picture = ''"


class PostgresGallery:
    """Implements `gallery.Gallery`."""

    def __init__(self, database: Database) -> None:
        """Keep it in *database*."""
        self._database = database

    async def announce(self, item_id: str, seller_id: str, picture_id: str, content_type: str) -> tuple[Picture, bool]:
        """Consistent: the item's row is locked, so that two pages at once cannot pass the limit."""

        async def insert(at: Connection) -> tuple[Picture, bool]:
            await _check_seller(at, item_id, seller_id)
            known = await at.fetchrow(_KNOWN, item_id, picture_id)
            if known is None:
                if await at.fetchval(_COUNT, item_id) >= MAX_PICTURES:
                    raise FullError
                await at.execute(_ANNOUNCE, item_id, picture_id, content_type)
                return Picture(picture_id, "awaited", "", path_of(item_id, picture_id)), True
            if known["content_type"] != content_type:
                raise TakenError
            return _picture(item_id, known), False

        answer, _ = await self._database.write(insert)
        return answer

    async def uploaded(self, item_id: str, seller_id: str, picture_id: str) -> Picture:
        """Consistent: a conditional write; what is known already to be uploaded, served or refused stays."""

        async def update(at: Connection) -> Picture:
            await _check_seller(at, item_id, seller_id)
            await at.execute(_UPLOADED, item_id, picture_id)
            known = await at.fetchrow(_KNOWN, item_id, picture_id)
            if known is None:
                raise UnknownPictureError
            return _picture(item_id, known)

        picture, _ = await self._database.write(update)
        return picture

    async def of_item(self, item_id: str, after: Position = NOWHERE) -> list[Picture]:
        """Available: a replica's answer, which may lag."""
        rows = await self._database.read(lambda at: at.fetch(_LIST, item_id), after)
        return [_picture(item_id, row) for row in rows]

    async def is_wanted(self, item_id: str, picture_id: str) -> bool:
        """Consistent: from the primary, as a replica might not have heard of the upload yet."""
        found, _ = await self._database.read_latest(lambda at: at.fetchval(_WANTED, item_id, picture_id))
        return bool(found)

    async def decide(self, item_id: str, picture_id: str, refusal: str) -> None:
        """Consistent: a conditional write, so that of two deliveries of one message the second changes nothing."""

        async def update(at: Connection) -> None:
            state = "refused" if refusal else "ready"
            if await at.execute(_DECIDE, item_id, picture_id, state, refusal) == "UPDATE 1" and not refusal:
                await at.execute(_SHOW, item_id, path_of(item_id, picture_id))

        await self._database.write(update)


async def _check_seller(at: Connection, item_id: str, seller_id: str) -> None:
    owner = await at.fetchval(_SELLER, item_id)
    if owner is None:
        raise UnknownItemError
    if owner != seller_id:
        raise NotTheirsError


def _picture(item_id: str, row: Any) -> Picture:
    return Picture(row["picture_id"], row["state"], row["refusal"], path_of(item_id, row["picture_id"]))
