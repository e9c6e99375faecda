"""How a contract says that a request may be repeated: what was made the first time is found the second time."""

from typing import Any

from litestar.openapi.datastructures import ResponseSpec


def again(body: type[Any]) -> dict[int, ResponseSpec]:
    """The answer to a repetition, beside the 201 of the first time: the same *body* with status 200."""
    return {200: ResponseSpec(body, description="The same request was carried out before.", generate_examples=False)}
