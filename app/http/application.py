"""What every process of the store answers alike: liveness, limits, strict requests, problem documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig

from app.contract import Contract
from app.drain import Drain
from app.http.dependencies import Routes
from app.http.health import health
from app.http.problems import HANDLERS
from app.http.requests import MAX_BODY_BYTES, StrictRequest, refuse_unknown_query


def application(
    contract: Contract,
    drain: Drain,
    routes: Sequence[Routes],
    given: Mapping[str, Any] | None = None,
    lifespan: Sequence[Any] = (),
    openapi: OpenAPIConfig | None = None,
) -> Litestar:
    """Put *routes* together with what all are *given*; nothing is asked of a store before the first request.

    Only who writes the services' contracts gives *openapi*: a server does not hand them out.
    """
    to_all = {"drain": drain, "version": contract.version, **(given or {})}
    return Litestar(
        [each.router(to_all) for each in (Routes("/", [health], {}), *routes)],
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY_BYTES,
        before_request=refuse_unknown_query,
        exception_handlers=HANDLERS,
        lifespan=list(lifespan),
        openapi_config=openapi,
        logging_config=None,
    )
