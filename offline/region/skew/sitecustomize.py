"""Let a program's clock be wrong: Python imports this file at its start where its folder is on PYTHONPATH.

The time module alone is shifted, which logging, HTTP dates and the app ask; `datetime` has a clock of its own in C.
"""

import os
import time

AHEAD_S = float(os.environ["PYTHONCLOCKAHEAD"])
_time, _time_ns, _gmtime, _localtime = time.time, time.time_ns, time.gmtime, time.localtime

time.time = lambda: _time() + AHEAD_S
time.time_ns = lambda: _time_ns() + int(AHEAD_S * 1e9)
time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
