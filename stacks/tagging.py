"""Put the stack's tags on everything that can carry tags, in one place, so that no component can forget them."""

from __future__ import annotations

from typing import cast

import pulumi

from stacks.settings import PROJECT, Settings

LIST_TAGGED = frozenset({"aws:autoscaling/group:Group"})
"""Its tags are a list with `propagateAtLaunch`; the fleet gets the same tags as an argument."""


def tags(settings: Settings) -> dict[str, str]:
    """What everything of a stack is tagged with: whose it is, what it belongs to, and when a sandbox is over."""
    ends = {"expires-at": settings.expires_at} if settings.expires_at else {}
    return {
        "project": PROJECT,
        "stack": settings.stack,
        "environment": settings.environment,
        "owner": settings.owner,
        **ends,
    }


def tag_everything(of_stack: dict[str, str]) -> None:
    """Merge *of_stack* under the tags of every AWS resource registered from now on; a component's own tag wins."""

    def tag(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("aws:") or args.type_ in LIST_TAGGED or "tags" not in args.props:
            return None
        own = cast("dict[str, pulumi.Input[str]]", args.props["tags"] or {})
        return pulumi.ResourceTransformationResult({**args.props, "tags": {**of_stack, **own}}, args.opts)

    pulumi.runtime.register_stack_transformation(tag)
