"""What every process of the store answers alike: liveness, limits, strict requests, problem documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.openapi.config import OpenAPIConfig

from app.contract import Contract
from app.drain import Drain
from app.http.dependencies import given
from app.http.health import health
from app.http.problems import HANDLERS
from app.http.requests import MAX_BODY_BYTES, StrictRequest, refuse_unknown_query


def application(
    contract: Contract,
    drain: Drain,
    routers: Sequence[Router],
    dependencies: Mapping[str, Any] | None = None,
    lifespan: Sequence[Any] = (),
    openapi: OpenAPIConfig | None = None,
) -> Litestar:
    """Put *routers* together with what all need; nothing is asked of a store before the first request.

    Only who writes the services' contracts gives *openapi*: a server does not hand them out.
    """
    return Litestar(
        [health, *routers],
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY_BYTES,
        before_request=refuse_unknown_query,
        exception_handlers=HANDLERS,
        dependencies={"drain": given(drain), "version": given(contract.version), **(dependencies or {})},
        lifespan=list(lifespan),
        openapi_config=openapi,
        logging_config=None,
    )
