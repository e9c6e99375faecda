"""Write the services' contracts for who calls them: one OpenAPI document each, and the messages' JSON Schema.

python -m app.openapi
"""

import json
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, Reference, SecurityScheme

from app.calls.signature import SIGNATURE
from app.contract import CALLED, Contract, variables
from app.drain import Drain
from app.http.problems import MEDIA_TYPE, ProblemDocument
from app.http.session_cookie import NAME
from app.messages import schemas
from app.web import ROUTERS, web

FOLDER = Path(__file__).parents[1] / "docs" / "api"
RELEASE = "1"
"""Version of the contracts: a change that breaks a caller is a new one, beside the old."""

_PROBLEM = {
    "description": "Refused, or not possible now (503, with Retry-After); nothing was changed unless it says so.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}


def documents() -> dict[str, str]:
    """Every contract as text, by the name of its file."""
    found = {f"{service}.json": _document(service) for service in ROUTERS}
    return {name: _text(content) for name, content in (found | {"messages.json": schemas()}).items()}


def _document(service: str) -> dict[str, Any]:
    example = Contract.from_environment({variable.name: variable.example for variable in variables().values()})
    cookie = SecurityScheme(type="apiKey", name=NAME, security_scheme_in="cookie")
    call = SecurityScheme(type="apiKey", name=SIGNATURE, security_scheme_in="header")
    schemes: dict[str, SecurityScheme | Reference] = {"session": cookie}
    if service in CALLED:
        schemes["call"] = call
    config = OpenAPIConfig(title=service, version=RELEASE, components=Components(security_schemes=schemes))
    app = web(example, [service], Drain(), config)
    document = app.openapi_schema.to_schema()
    document["components"]["schemas"] = _schemas(app)
    document["components"]["responses"] = {"Problem": _PROBLEM}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    return document


def _schemas(app: Litestar) -> dict[str, Any]:
    """Schemas of every body by msgspec itself: the framework's leave out that unknown fields are refused."""
    bodies: dict[str, Any] = {"ProblemDocument": ProblemDocument}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            fields = (handler.parsed_data_field, handler.parsed_return_field)
            for each in (part for field in fields if field for part in (field, *field.inner_types)):
                if isinstance(each.annotation, type) and issubclass(each.annotation, msgspec.Struct):
                    bodies[each.annotation.__name__] = each.annotation
    _, found = msgspec.json.schema_components(bodies.values(), ref_template="#/components/schemas/{name}")
    return found


def _text(content: Any) -> str:
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
