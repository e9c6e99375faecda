"""Check the tools that a deploy needs, and say how long it will take."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from engines import binary
from engines.finding import Finding
from engines.preflight.site import Site
from stacks.durations import critical_path


def versions(_site: Site) -> Iterator[Finding]:
    """Refuse a missing or old Pulumi CLI; the plugin is the one that the program's own library asks for."""
    found, least = binary.find(), ".".join(map(str, binary.MINIMUM))
    fix = "./bigpicture engine install"
    if found is None:
        yield Finding("Pulumi CLI", False, "none", fix, f"{least} or newer")
    elif not found.is_new_enough:
        yield Finding("Pulumi CLI", False, f"{found.shown} at {found.path}", fix, f"{least} or newer")
    else:
        yield Finding("Pulumi CLI", True, f"{found.shown} at {found.path}")
    yield Finding("aws plugin", True, f"{version('pulumi_aws')}, which the CLI downloads once")


def duration(site: Site) -> Iterator[Finding]:
    """How long the first `up` takes."""
    steps = critical_path(site.settings)
    total = sum(minutes for _, minutes in steps)
    shown = ", ".join(f"{what} {minutes}" for what, minutes in steps)
    yield Finding("first up", True, f"about {total} minutes, by what waits for what: {shown}")
