"""Say why the environment could not be made: what, got, allowed, fix."""

import errno
import platform
import re
import sys
from typing import NamedTuple


class LaunchError(Exception):
    """The environment cannot be made; the message ends with the fix."""


class Cause(NamedTuple):
    """One reason why pip fails: how its output shows it, and what to say; {} stands for what the pattern found."""

    pattern: str
    got: str
    allowed: str
    fix: str

    def explain(self, *found: str) -> LaunchError:
        """Put what was found into the sentence."""
        return LaunchError(f"{self.got.format(*found)}; allowed: {self.allowed}. Fix: {self.fix}")


_HERE = f"Python {sys.version_info.major}.{sys.version_info.minor} on {platform.system()} {platform.machine()}"

_FULL = Cause(
    pattern=r"No space left on device(.*)",
    got="the disk is full{}",
    allowed="1.3 GB free while the environment is made, 0.8 GB after",
    fix="free some space, or move the checkout to another disk",
)
_UNWRITABLE = Cause(
    pattern=r"(Permission denied|Read-only file system): (.*)",
    got="{1} cannot be written ({0})",
    allowed="a checkout that you may write to",
    fix="correct its owner and permissions, or clone into a folder of your own",
)
_CAUSES = (
    Cause(
        pattern=r"DO NOT MATCH THE HASHES.*\n\s+(\S+ from \S+)",
        got="a package is not the one that was locked: {}",
        allowed="the files whose sha256 is in requirements.lock",
        fix="look at the package index that pip uses (pip config list): a mirror or a proxy changed the file",
    ),
    _FULL,
    _UNWRITABLE,
    Cause(
        pattern=r"(CERTIFICATE_VERIFY_FAILED[^\n')]*)",
        got="the package index's certificate is not trusted: {}",
        allowed="a certificate that pip can verify",
        fix="PIP_CERT=/path/to/ca-bundle.pem, as your network's owner gives it",
    ),
    Cause(
        pattern=r"connection broken by '(.*)': /",
        got="the package index cannot be reached: {}",
        allowed="PyPI, or a mirror of it",
        fix="connect to the network, set HTTPS_PROXY, or name a mirror with PIP_INDEX_URL; then run this again",
    ),
    Cause(
        pattern=r"No matching distribution found for (\S+)",
        got="the package index has no wheel of {} for " + _HERE,
        allowed="Python 3.11 to 3.14 on Linux or macOS, and an index that carries all of PyPI",
        fix="name another Python with BIGPICTURE_PYTHON, or another index with PIP_INDEX_URL",
    ),
    Cause(
        pattern=r"(?:.*\n)*(ERROR.*)",
        got="pip could not install the packages of requirements.lock: {}",
        allowed="an installation without error",
        fix="read .bigpicture/install.log, which has all that pip said",
    ),
    Cause(
        pattern=r"()",
        got="pip ended without a word",
        allowed="an installation without error",
        fix="read .bigpicture/install.log, which has all that pip said",
    ),
)


def from_os_error(error: OSError) -> LaunchError:
    """Explain a file that could not be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _FULL.explain(f": {error.filename}" if error.filename else "")
    return _UNWRITABLE.explain(str(error.strerror), str(error.filename))


def from_output(output: str) -> LaunchError:
    """Explain pip's failure by what it printed: the first cause that fits."""
    plain = re.sub(r"<[\w.]+ object at 0x\w+>: ", "", output)
    found = ((cause, re.search(cause.pattern, plain)) for cause in _CAUSES)
    return next(cause.explain(*match.groups()) for cause, match in found if match)
