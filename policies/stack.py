"""All resources of one program as rules see them, with the way from a reference to what it refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from policies.resource import Resource
from policies.values import UnknownValueError

T = TypeVar("T")


class Stack:
    """The resources in the order of their registration, found by type, by URN and by reference."""

    def __init__(self, resources: Iterable[Resource], *, region: str = "") -> None:
        self.resources = list(resources)
        self.region = region
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_urn = {each.urn: each for each in self.resources}
        self._by_identity: dict[tuple[str, str], Resource] = {}
        for each in self.resources:
            self._by_type[each.type].append(each)
            for identity in each.identities():
                self._by_identity.setdefault((each.type, identity), each)
        self.consulted: set[str] = set()
        """Types that a rule asked for so far, whatever it is about itself."""
        self._derived: dict[Callable[[Stack], Any], Any] = {}
        self._referring: dict[tuple[str, str, str], dict[str, list[Resource]]] = {}

    def derived(self, compute: Callable[[Stack], T]) -> T:
        """What *compute* makes of this stack, computed once however many resources ask: keeps checking linear."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        return self._derived[compute]

    def of(self, *types: str) -> list[Resource]:
        """Every resource of these types."""
        self.consulted.update(types)
        return [each for type_ in types for each in self._by_type.get(type_, [])]

    def by_urn(self, urn: str) -> Resource | None:
        """The resource of that URN."""
        return self._by_urn.get(urn)

    def named(self, type_: str, identity: str) -> Resource | None:
        """The resource of that type whose id, ARN or name is *identity*."""
        self.consulted.add(type_)
        return self._by_identity.get((type_, identity))

    def referred(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """What *path* of *resource* refers to, among *types*: by value where it names one, else by where it came from.

        Empty also when it names something outside of the program: a rule that needs the other end then has no say.
        """
        self.consulted.update(types)
        named = [found for text in _texts(resource, path) for type_ in types if (found := self.named(type_, text))]
        if named:
            return list(dict.fromkeys(named))
        came_from = resource.dependencies.get(path.partition(".")[0], [])
        return [each for urn in came_from if (each := self._by_urn.get(urn)) is not None and each.type in types]

    def one(self, resource: Resource, path: str, *types: str) -> Resource | None:
        """The one resource that *path* refers to; None when there is none or it cannot be told which."""
        found = self.referred(resource, path, *types)
        return found[0] if len(found) == 1 else None

    def referring(self, type_: str, path: str, target: Resource) -> list[Resource]:
        """Every resource of *type_* whose *path* refers to *target*."""
        key = (type_, path, target.type)
        if key not in self._referring:
            index: dict[str, list[Resource]] = defaultdict(list)
            for each in self.of(type_):
                for found in self.referred(each, path, target.type):
                    index[found.urn].append(each)
            self._referring[key] = index
        return self._referring[key].get(target.urn, [])


def _texts(resource: Resource, path: str) -> Iterator[str]:
    try:
        yield from _leaves(resource.get(path))
    except UnknownValueError:
        return


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
