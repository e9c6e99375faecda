"""Items as visitors see them: each look and each search is told to who counts, and nobody waits for that."""

from app.data.database import Position
from app.data.hints import Hints
from app.messages import ItemsSearched, ItemViewed
from app.services.catalog.domain import Item, Items, Page, Search


class Showing:
    """What visitors ask of items."""

    def __init__(self, items: Items, hints: Hints) -> None:
        """Look into *items*, and drop what is asked among *hints*."""
        self._items = items
        self._hints = hints

    async def look(self, item_id: str, after: Position) -> Item | None:
        """The item, with every change up to *after*. Available."""
        item = await self._items.find(item_id, after)
        if item:
            self._hints.drop_in(ItemViewed, item_id=item_id)
        return item

    async def search(self, search: Search, after: Position) -> Page:
        """One page of what matches; a search by words counts with its first page. Available."""
        page = await self._items.search(search, after)
        if search.words and search.before is None:
            words = " ".join(search.words.lower().split())
            self._hints.drop_in(ItemsSearched, words=words, found=len(page.items))
        return page
