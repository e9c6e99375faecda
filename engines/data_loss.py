"""Find the steps of a run that lose data, and refuse them unless the very resource was named."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from engines.graph import name_of
from engines.refusals import DataLossError

if TYPE_CHECKING:  # the SDK takes a sixth of a second to import, and `status` has no need of it
    from pulumi.automation.events import StepEventMetadata

DATABASE = "aws:rds/instance:Instance"
TABLE = "aws:dynamodb/table:Table"
HELD = {
    TABLE: "items",
    "aws:elasticache/replicationGroup:ReplicationGroup": "entries",
    "aws:kms/key:Key": "key material, without which nothing encrypted with it is ever read again",
    DATABASE: "rows",
    "aws:route53/zone:Zone": "records and name servers, which the parent domain delegates to",
    "aws:s3/bucket:Bucket": "objects",
    "aws:secretsmanager/secret:Secret": "value and ARN",
    "aws:sqs/queue:Queue": "messages",
}
"""Type -> what is lost with a resource of it. Logs and metrics are not counted: no request is answered from them."""


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """One resource that holds data and would not keep it."""

    name: str
    urn: str
    type: str
    change: str
    """`replace` (by an empty one) or `delete`."""
    properties: list[str]
    """Paths of the properties that force the replacement; none for a deletion."""
    empty: bool = False
    """Whether it was read and held nothing."""
    copy: bool = False
    """Whether it is a read replica: its source keeps every row, so that it is told and not refused."""

    def sentence(self) -> str:
        """What is lost, why, and the way round."""
        what = f"{self.type.rpartition(':')[2]} {self.name}"
        held = f"{HELD[self.type]}{': none, it is empty' if self.empty else ''}"
        if self.copy:
            held += ": a copy, which its source keeps"
        if self.change == "delete":
            why = "deleted: the program has no resource of this name, type and parent any more"
            fix = "keep it in the program until they are elsewhere; an alias if it was renamed or moved"
        else:
            why = f"replaced by an empty one, forced by {', '.join(self.properties) or 'what it depends on'}"
            fix = "keep that as it is, or make a second one beside it, move them there, and take this one away last"
        return f"{what} ({held}) would be {why}." + ("" if self.copy or self.empty else f" Fix: {fix}")


def loss_of(step: StepEventMetadata, kind: str) -> Loss | None:
    """What *step*, which counts as *kind*, loses; None where nothing is, or where AWS keeps what Pulumi lets go."""
    if step.type not in HELD or kind not in ("replace", "delete") or step.old is None:
        return None
    if kind == "delete" and step.old.retain_on_delete:
        return None
    return Loss(
        name=name_of(step.urn),
        urn=step.urn,
        type=step.type,
        change=kind,
        properties=_forcing(step) if kind == "replace" else [],
        copy=step.type == DATABASE and bool((step.old.inputs or {}).get("replicateSourceDb")),
    )


def demand(losses: Sequence[Loss], allowed: Collection[str]) -> None:
    """Raise DataLossError unless each loss was allowed by its name, and each allowed name is one loss.

    A name is a resource's own, or more of its URN (`TYPE::NAME`, or all of it) where two are called the same.
    """
    for given in allowed:
        _demand_one(given, losses)
    demand_named(losses, allowed)


def demand_named(losses: Sequence[Loss], allowed: Collection[str]) -> None:
    """As `demand`, in the middle of a sequence: a name may be that of a loss before."""
    real = [loss for loss in losses if not loss.copy and not loss.empty]
    refused = [loss for loss in real if not any(_names(given, loss) for given in allowed)]
    if refused:
        words = " ".join(f"--allow-data-loss {_spelt(loss, losses)}" for loss in refused)
        raise DataLossError(
            "this update would lose data; nothing was changed:\n"
            + "".join(f"  {loss.sentence()}\n" for loss in refused)
            + f"Allowed: no loss but of what is named. To lose it all the same, add: {words}"
        )


def _demand_one(given: str, losses: Sequence[Loss]) -> None:
    """Refuse a name of no loss: a typing error, or a resource that this update does not touch."""
    named = [loss for loss in losses if _names(given, loss)]
    if len(named) == 1:
        return
    spelt = [_spelt(loss, losses) for loss in named or losses]
    got = "of no loss" if not named else f"of {len(named)} losses"
    near = difflib.get_close_matches(given, spelt, n=1) or spelt[:1]
    fix = f"--allow-data-loss {near[0]}" if near else "leave it out: this update loses nothing"
    raise DataLossError(
        f"--allow-data-loss is {given!r}, the name {got}; allowed: {', '.join(spelt) or 'none'}. Fix: {fix}."
        " Nothing was changed"
    )


def is_named(given: str, urn: str) -> bool:
    """Whether *given* is the name of the resource with that URN, or more of the URN."""
    return bool(given) and (urn == given or urn.endswith(f"::{given}"))


def _names(given: str, loss: Loss) -> bool:
    return is_named(given, loss.urn)


def _spelt(loss: Loss, losses: Sequence[Loss]) -> str:
    """The shortest name that is this loss's alone."""
    alone = sum(_names(loss.name, each) for each in losses) == 1
    return loss.name if alone else loss.urn.split("::", 2)[2]


def _forcing(step: StepEventMetadata) -> list[str]:
    """The paths that the provider marks; the engine's own keys where nobody says more."""
    marked = [path for path, found in (step.detailed_diff or {}).items() if found.diff_kind.value.endswith("-replace")]
    return sorted(marked or step.keys or [])
