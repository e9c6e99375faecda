"""Reviews in PostgreSQL: what they come to is changed with them, in one transaction."""

import uuid

from app.data import outbox
from app.data.database import NOWHERE, Database, Position
from app.data.postgres import Connection
from app.messages import ReviewWritten
from app.services.feedback.domain import Review, Reviews

_FIRST = """
INSERT INTO feedback.reviews (item_id, customer_id, rating, words) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
_KNOWN = "SELECT rating, words FROM feedback.reviews WHERE item_id = $1 AND customer_id = $2 FOR UPDATE"
_CHANGE = "UPDATE feedback.reviews SET rating = $3, words = $4 WHERE item_id = $1 AND customer_id = $2"
_TAKE_BACK = "DELETE FROM feedback.reviews WHERE item_id = $1 AND customer_id = $2 RETURNING rating"
_COUNT = """
INSERT INTO feedback.ratings AS known (item_id, reviews, stars) VALUES ($1, $2, $3)
ON CONFLICT (item_id) DO UPDATE SET reviews = known.reviews + $2, stars = known.stars + $3
"""
_RATING = "SELECT reviews, stars FROM feedback.ratings WHERE item_id = $1"
_PAGE = """
SELECT rating, words, place FROM feedback.reviews WHERE item_id = $1 AND ($2::bigint IS NULL OR place < $2)
ORDER BY place DESC LIMIT $3
"""


class PostgresFeedback:
    """Implements `domain.Feedback`."""

    def __init__(self, database: Database) -> None:
        """Keep reviews in *database*."""
        self._database = database

    async def write(self, item_id: str, customer_id: str, review: Review) -> tuple[bool, Position]:
        """Consistent: the review, the item's rating and the event change together, and once, however often asked."""
        return await self._database.write(lambda at: _write(at, item_id, customer_id, review))

    async def take_back(self, item_id: str, customer_id: str) -> Position:
        """Consistent: the review and the item's rating change together; without a review nothing does."""

        async def delete(at: Connection) -> None:
            rating = await at.fetchval(_TAKE_BACK, item_id, customer_id)
            if rating is not None:
                await at.execute(_COUNT, item_id, -1, -rating)

        _, written = await self._database.write(delete)
        return written

    async def of_item(self, item_id: str, before: int | None, limit: int, after: Position = NOWHERE) -> Reviews:
        """Available: from a replica that has seen *after*; what others wrote may lag."""

        async def look(at: Connection) -> Reviews:
            rating = await at.fetchrow(_RATING, item_id)
            rows = await at.fetch(_PAGE, item_id, before, limit + 1)
            shown = [Review(row["rating"], row["words"]) for row in rows[:limit]]
            following = str(rows[limit - 1]["place"]) if len(rows) > limit else None
            return Reviews(rating["reviews"] if rating else 0, rating["stars"] if rating else 0, shown, following)

        return await self._database.read(look, after)


async def _write(at: Connection, item_id: str, customer_id: str, review: Review) -> bool:
    is_first = await at.execute(_FIRST, item_id, customer_id, review.rating, review.words) == "INSERT 0 1"
    if is_first:
        more, stars = 1, review.rating
    else:
        known = await at.fetchrow(_KNOWN, item_id, customer_id)
        if known is None:  # taken back in between, by another page of the same customer
            return await _write(at, item_id, customer_id, review)
        if Review(known["rating"], known["words"]) == review:
            return False
        await at.execute(_CHANGE, item_id, customer_id, review.rating, review.words)
        more, stars = 0, review.rating - known["rating"]
    await at.execute(_COUNT, item_id, more, stars)
    event = ReviewWritten(message_id=str(uuid.uuid4()), item_id=item_id, rating=review.rating)
    await outbox.add(at, "feedback", event)
    return is_first
