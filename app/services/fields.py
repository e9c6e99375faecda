"""The kinds of field that the services' bodies are made of, with their limits."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

END = r"(?![\s\S])"
"""The end of the text in Python's regular expressions and in ECMAScript's; `$` lets a newline pass in Python's."""
LINE = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*" + END
"""One line that does not begin with a blank; no control character, NUL among them, which PostgreSQL cannot store."""
PARAGRAPHS = r"^[^\x00-\x08\x0b-\x1f\x7f]*" + END
"""Any text with tabs and line feeds."""
IDENTIFIER = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" + END
"""A UUID in lower case. Who creates something names it, so that the same request twice makes it once."""

Identifier = Annotated[str, Meta(pattern=IDENTIFIER, description="A UUID in lower case, chosen by who creates it.")]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+" + END)]
PersonName = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]

PathId = Annotated[
    str, PathParameter(pattern=IDENTIFIER, description="A UUID in lower case, chosen by who creates it.")
]
"""An identifier in a path."""

PlaceParameter = Annotated[
    str | None, QueryParameter(pattern="^[1-9][0-9]{0,17}" + END, description="`next` of the page before.")
]
"""Where a page begins: after this place in the order of what is listed."""
