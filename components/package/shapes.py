"""Show Pulumi's schema analyzer the components in types that it knows: a double of each, with other annotations."""

import dataclasses
import inspect
import types
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Optional, Union, get_args, get_origin

import pulumi

from components.package.values import make_args


def packaged(component: type[pulumi.ComponentResource]) -> type[pulumi.ComponentResource]:
    """A subclass of *component* that takes its arguments as the mapping that Pulumi's component provider hands over."""
    construct: Callable[..., None] = component.__init__
    args_class = inspect.get_annotations(construct)["args"]

    def __init__(  # noqa: N807  it becomes the constructor below
        self: pulumi.ComponentResource, name: str, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        construct(self, name, make_args(args_class, args), opts)

    __init__.__annotations__ = {"args": _double(args_class)}
    return type(component.__name__, (component,), {**_face(component), "__init__": __init__})


@cache
def _double(shown: type) -> type:
    """A class of the same name, source and fields as *shown*: the analyzer finds the docstrings by name and source."""
    return type(shown.__name__, (), _face(shown))


def _face(shown: type) -> dict[str, Any]:
    defaults = _defaults(shown)
    fields = {
        name: Optional[_known(of)] if name in defaults else _known(of)  # noqa: UP045  `|` takes no generic made here
        for name, of in inspect.get_annotations(shown).items()
    }
    names = {name: getattr(shown, name) for name in ("__doc__", "__module__", "__qualname__")}
    return {**names, "__annotations__": fields}


def _defaults(shown: type) -> set[str]:
    """The fields that may be left out: the analyzer looks at types alone, and would ask for them."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(shown) if dataclasses.is_dataclass(shown) else ()
    return {each.name for each in fields if (each.default, each.default_factory) != (missing, missing)}


def _known(of: Any) -> Any:
    """*of* in the analyzer's terms: no literals, no paths, and an object in place of a component within a component."""
    origin, inner = get_origin(of), get_args(of)
    if of is Path or origin is Literal:
        return str
    if isinstance(of, type) and (dataclasses.is_dataclass(of) or issubclass(of, pulumi.ComponentResource)):
        return _double(of)
    known = tuple(_known(each) for each in inner)
    if known == inner:
        return of
    return Union[known] if origin in (Union, types.UnionType) else origin[known]  # noqa: UP007
