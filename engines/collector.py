"""Keep Python's collector of cycles out of the way while a program is carried out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Leave cycles alone meanwhile: going through a million modules' objects again and again is a third of the time.

    Measured on the production stack, imports included: 11.8 s of CPU with the collector, 8.0 s and 12 MB more without.
    Under Pulumi's own engine 421 queues take 5 s less of 13.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _grow_old()
            gc.enable()


def _grow_old() -> None:
    """Put all objects into the oldest generation: or the next allocation would go through every one made meanwhile.

    Measured on 481 resources: 0.3 s of the 3.0 of an embedded `up`. A whole collection finds what of it is garbage.
    """
    gc.freeze()
    gc.unfreeze()
