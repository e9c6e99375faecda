"""Watch which of a resource's inputs the rules ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policies.resource import Resource


class Watched(Resource):
    """A resource that tells of every input that it is asked for."""

    def __init__(self, of: Resource, tell: Callable[[Resource, str], None]) -> None:
        """Stand for *of*; *tell* is given the resource and the input's name, as often as one asks."""
        super().__init__(
            of.origin,
            of.inputs,
            outputs=of.outputs,
            dependencies=of.dependencies,
            options=of.options,
            secrets=of.secrets,
        )
        self._tell = tell

    def _find(self, path: str) -> Any:
        self._tell(self, path.partition(".")[0])
        return super()._find(path)
