"""Refuse a component's arguments before the first resource, with all that is wrong with them."""

from collections.abc import Iterable, Mapping


def refuse(args: object, allowed: Mapping[str, tuple[object, str]], more: Iterable[str] = ()) -> None:
    """Raise ValueError that names every field at fault; *more* is sentences about what is wrong otherwise.

    *allowed* is field -> whether its value is right (truthy), and what it may be.
    """
    problems = [
        f"{field} is {getattr(args, field)!r}; allowed: {what}. Fix: {field}"
        for field, (right, what) in allowed.items()
        if not right
    ]
    problems += more
    if problems:
        raise ValueError("\n".join(problems))
