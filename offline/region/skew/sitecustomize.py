"""Let a program's clock be wrong: Python imports this file at its start where its folder is on PYTHONPATH.

Whoever asks Python for the time of day is told the wrong one: `time`, and `datetime`, whose methods are put into C's
own class. A class in its place would not be the one of what C modules make. Monotonic clocks go on, as they would.
"""

import ctypes
import datetime as dt
import gc
import os
import time
from typing import Any

AHEAD_S = float(os.environ["PYTHONCLOCKAHEAD"])
_time, _time_ns, _gmtime, _localtime, _strftime = time.time, time.time_ns, time.gmtime, time.localtime, time.strftime

time.time = lambda: _time() + AHEAD_S
time.time_ns = lambda: _time_ns() + int(AHEAD_S * 1e9)
time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
time.strftime = lambda form, moment=None: _strftime(form, time.localtime() if moment is None else moment)


def _now(cls: Any, tz: dt.tzinfo | None = None) -> dt.datetime:
    return cls.fromtimestamp(time.time(), tz)


[_methods] = gc.get_referents(vars(dt.datetime))  # what the read-only view of a C class is a view of
_methods["now"] = classmethod(_now)
_methods["utcnow"] = classmethod(lambda cls: _now(cls, dt.UTC).replace(tzinfo=None))
_methods["today"] = classmethod(_now)
ctypes.pythonapi.PyType_Modified(ctypes.py_object(dt.datetime))
