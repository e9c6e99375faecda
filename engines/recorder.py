"""Record what a program registers, with nothing behind it: no account, and no value that only a deployment knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from pulumi.runtime.proto import resource_pb2

from engines import lookups
from engines.answers import registered
from engines.embedded import Program, run
from engines.graph import PROVIDER_TYPE, Graph, Resource
from engines.monitor import OfflineMonitor
from engines.refusals import EngineError
from offline import resources, wire
from offline.account import open_account
from offline.handler import Aws
from policies.authorization import arn_pattern

ACCOUNT_ID = "123456789012"
PROJECT = "checked"
"""What a program and its stack are called that have no names of their own."""


class Recorder(OfflineMonitor):
    """Pulumi's resource monitor in a preview: each resource has its inputs, an id, an ARN, and no more."""

    def __init__(self, graph: Graph, region: str, folder: Path) -> None:
        super().__init__(graph, Aws(_NoAccount(), region), folder, lambda _event: None)
        self.inputs: dict[str, dict[str, Any]] = {}
        """URN -> inputs in clear: never printed."""
        self.remote: list[str] = []
        """Types of the components that another package makes: what stands in them is not seen."""
        self.region = region
        self._images: dict[str, str] = {}
        """Image -> the public parameter that it was found by, as a launch template would name it."""
        self._region_of: dict[str, str] = {}
        """Reference to a provider of the program -> the region that it was given."""

    def ReadResource(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Take it that what the program looks up exists."""
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)

    def Invoke(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Ask an empty offline account; of what it does not carry or hold nothing is known."""
        if request.tok in resources.invokes():
            self._aws = self._empty
            try:
                return self._remembered(request, super().Invoke(request))
            except EngineError:
                pass
        response = resource_pb2.ResourceInvokeResponse()
        found = lookups.answer(request.tok, wire.reveal(wire.plain(request.args)))
        getattr(response, "return").CopyFrom(wire.to_struct(found))  # a keyword of Python, a field of the protocol
        return response

    def _remembered(self, request: Any, response: Any) -> Any:
        """*response*; an image that was found by a public parameter's name is kept beside that name."""
        name = str(wire.plain(request.args).get("name", ""))
        if request.tok == PARAMETER and name.startswith(IMAGES):
            found = wire.plain(getattr(response, "return"))  # a keyword of Python, a field of the protocol
            self._images[str(found.get("value"))] = f"resolve:ssm:{name}"
        return response

    def _is_image(self, value: Any) -> bool:
        return isinstance(value, str) and value in self._images

    @cached_property
    def _empty(self) -> Aws:
        return Aws(open_account(self.region, self.graph.stack), self.region)

    def _register(self, request: Any) -> Any:
        if request.type.startswith(PROVIDER_TYPE) or request.remote:
            urn, id_ = self.make_urn(request.parent, request.type, request.name), f"{request.name}-id"
            self._region_of[f"{urn}::{id_}"] = str(wire.plain(request.object).get("region", ""))
            if request.remote:
                self.remote.append(request.type)
            return registered(urn, id_, request.object)
        return super()._register(request)

    def _describe(self, urn: str, request: Any, inputs: dict[str, Any]) -> Resource:
        """A resource of a provider that the program made stands in that provider's region."""
        made, region = super()._describe(urn, request, inputs), self._region_of.get(request.provider)
        if not region or "region" in inputs or not request.custom:
            return made
        return msgspec.structs.replace(made, options=msgspec.structs.replace(made.options, region=region))

    def _create(self, resource: Resource, request: Any, inputs: dict[str, Any]) -> Any:  # noqa: ARG002  the inputs say it all
        self.inputs[resource.urn] = wire.replaced(wire.reveal(inputs), self._is_image, lambda id_: self._images[id_])
        given = inputs.get("bucket" if resource.type.startswith("aws:s3/bucket") else "name")
        name = given if isinstance(given, str) and not wire.is_unknown(given) else resource.name
        arn = made_up_arn(resource.type, name, resource.options.region)
        outputs = {"arn": arn} if arn else {}
        if arn and resource.type in SUFFIXED:
            arn = arn.replace("/app/", f"/{KINDS.get(str(inputs.get('loadBalancerType')), 'app')}/")
            outputs = {"arn": arn, "arnSuffix": arn.rpartition(":")[2].removeprefix("loadbalancer/")}
        state = {**outputs, **inputs}
        id_ = arn if arn and resource.type in NAMED_BY_ARN else f"{resource.name}-id"
        made = msgspec.structs.replace(resource, id=id_, outputs=outputs)
        return self._answer(made, wire.to_struct(state))


PARAMETER = "aws:ssm/getParameter:getParameter"
IMAGES = "/aws/service/ami-"
"""How the names of AWS's own parameters of images begin; they tell the architecture, which an id does not."""
NAMED_BY_ARN = {
    "aws:acm/certificate:Certificate", "aws:lb/listener:Listener", "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup", "aws:secretsmanager/secret:Secret", "aws:sns/topic:Topic",
}  # fmt: skip
"""Types whose id is their ARN."""


def made_up_arn(token: str, name: str, region: str) -> str | None:
    """An ARN of the right form, so that a policy that names it can be read; None where no policy can name the type."""
    service, _, kind = token.removeprefix("aws:").partition("/")
    kind = re.sub(r":.*", "", kind)
    if service == "lb":
        made = f"arn:aws:elasticloadbalancing:{region}:{ACCOUNT_ID}:{kind.lower()}"
        return f"{made}/{SUFFIXED[token].format(name)}" if token in SUFFIXED else f"{made}/{name}"
    pattern = arn_pattern(*OTHERWISE_CALLED.get(f"{service}/{kind}", (service, kind)))
    known = {"Partition": "aws", "Region": region, "Account": ACCOUNT_ID}
    return re.sub(r"\$\{(\w+)\}", lambda part: known.get(part[1], name), pattern) if pattern else None


SUFFIXED = {
    "aws:lb/loadBalancer:LoadBalancer": "app/{}/0123456789abcdef",
    "aws:lb/targetGroup:TargetGroup": "{}/0123456789abcdef",
}
"""Types whose ARN has an end that metrics and scaling policies name them by, and its form."""
KINDS = {"network": "net", "gateway": "gwy"}
"""Kind of a load balancer -> how its ARN spells it; an application's is app."""
OTHERWISE_CALLED = {
    "autoscaling/group": ("autoscaling", "autoScalingGroup"),
    "cloudwatch/logGroup": ("logs", "log-group"),
    "cloudwatch/metricAlarm": ("cloudwatch", "alarm"),
    "iam/openIdConnectProvider": ("iam", "oidc-provider"),
    "rds/instance": ("rds", "db"),
    "s3/bucketV2": ("s3", "bucket"),
}
"""Pulumi's service and type -> those of AWS's Service Authorization Reference, where they differ."""


class _NoAccount:
    """Stand where a program that makes only what it records would need an account."""

    account_id = ACCOUNT_ID

    def client(self, service: str, region: str | None = None) -> Any:
        raise EngineError(f"unexpected call to {service} in {region}")


def record(
    program: Program,
    config: Mapping[str, str],
    folder: Path | None = None,
    *,
    project: str = PROJECT,
    stack: str = PROJECT,
) -> Recorder:
    """Run *program* as a preview and return what it registered; raise what it raised.

    An offline account is opened only when the program asks a data source of AWS.
    """
    recorder = Recorder(Graph(project=project, stack=stack), config["aws:region"], folder or Path.cwd())
    run(program, recorder, config, preview=True)
    return recorder
