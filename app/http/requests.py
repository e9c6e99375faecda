"""Requests read strictly: a body of the declared type and no other, and no query parameter that nobody reads."""

import re
from typing import Any

import msgspec
from litestar import Request

from app.http.problems import Problem, plain

MAX_BODY_BYTES = 65_536
"""Longest request body: the longest description (10,000 characters of up to four bytes) and its envelope."""

_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?$", re.DOTALL)
_EXTRA = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>.*)`", re.DOTALL)
_SHOWN = 60


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body must be exactly of the type that its handler declares as `data`.

    The framework itself would convert leniently, taking "5" for 5.
    """

    async def json(self) -> Any:
        """Decode the body; raises Problem that names the field."""
        field = self.route_handler.parsed_data_field
        if field is None:
            raise Problem(400, "this request takes no body")
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(415, "a body must be application/json, in UTF-8", headers={"Accept": "application/json"})
        try:
            return msgspec.json.decode(await self.body(), type=field.annotation)
        except msgspec.ValidationError as wrong:
            raise _problem(str(wrong)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Problem(400, "the body is no JSON in UTF-8") from None


def _problem(text: str) -> Problem:
    """Turn msgspec's words into a field and what is wrong with it; an unknown field is named, as far as is harmless."""
    match = _AT.match(text)
    what, where = (match["what"], match["where"] or "") if match else (text, "")
    for pattern, said in ((_EXTRA, "this field is unknown"), (_MISSING, "this field is required")):
        if named := pattern.match(what):
            field = named["field"] if named["field"].isprintable() else ""
            return Problem(400, said, ".".join(filter(None, (where, field[:_SHOWN]))) or "body")
    return Problem(400, plain(what), where or "body")


async def refuse_unknown_query(request: Request[Any, Any, Any]) -> None:
    """Refuse a query parameter that the handler does not declare, and one that is given twice."""
    if request.scope["query_string"]:
        query = request.query_params
        known = set(request.route_handler.parsed_fn_signature.parameters)
        for name in query:
            if name not in known:
                raise Problem(400, "this parameter is unknown", name[:_SHOWN] if name.isprintable() else "query")
            if len(query.getall(name)) > 1:
                raise Problem(400, "this parameter may be given once", name)
