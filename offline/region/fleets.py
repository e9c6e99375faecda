"""Run a server for every instance that the account's Auto Scaling groups hold, and end those that they gave up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from offline.account import Account
from offline.region import cloud_config
from offline.region.addresses import Addresses
from offline.region.artifacts import unpacked
from offline.region.cloud_config import Boot
from offline.region.copies import Nurseries
from offline.region.metadata import Metadata
from offline.region.server import Place, Server, resolved


class Fleets:
    """The server of every instance; `follow` makes what runs what the account holds."""

    def __init__(self, account: Account, folder: Path, addresses: Addresses) -> None:
        """Nothing runs before the first `follow`; what servers will run is imported already."""
        self.servers: dict[str, Server] = {}
        self.leaving: dict[str, Server] = {}
        self._account = account
        self._folder = folder
        self._addresses = addresses
        self.names: dict[str, str] = {}
        """Host name -> address of all that servers talk to, read at each start; to be filled in before `follow`."""
        self._metadata = Metadata()
        self._opt = folder / "opt"
        self._opt.mkdir(parents=True)
        self._nurseries = Nurseries(folder)
        self._prepare()

    def follow(self, told: Callable[[Mapping[str, str]], Collection[str]] = lambda _addresses: ()) -> None:
        """Start what is new, drain what is gone, and tend the rest. RegionError for user data that starts nothing.

        In between, *told* gets instance -> address of all that serve: balancers must know before anybody leaves. It
        answers who of the others still has requests under way: an instance ends after its deregistration.
        """
        held = self._held()
        self._metadata.say({name: _facts(each) for name, each in held.items()})
        for name in sorted(held.keys() - self.servers.keys()):
            self.servers[name] = self._boot(name)
        busy = told({name: server.address for name, server in self.servers.items() if name in held})
        self.leaving |= {name: self.servers.pop(name) for name in self.servers.keys() - held.keys()}
        for name in self.leaving.keys() - {*busy}:
            self.leaving[name].drain()
        for server in (*self.servers.values(), *self.leaving.values()):
            server.tend()
        self.leaving = {name: server for name, server in self.leaving.items() if server.alive}

    def are_to_grow(self) -> bool:
        """Whether the account holds an instance that does not run yet."""
        return not self._held().keys() <= self.servers.keys()

    def stop(self) -> None:
        """End all of them at once: nobody is left to be served."""
        for server in (*self.servers.values(), *self.leaving.values()):
            server.kill()
        self._nurseries.stop()
        self._metadata.close()

    def _held(self) -> dict[str, dict[str, Any]]:
        """The instances of every group; one whose lifecycle hook waits still runs, as on EC2."""
        pages = self._account.client("autoscaling").get_paginator("describe_auto_scaling_groups").paginate()
        groups = pages.search("AutoScalingGroups[]")
        return {each["InstanceId"]: each for group in groups for each in group["Instances"]}

    def _prepare(self) -> None:
        """Begin to import what servers are to run, once for each artifact."""
        for name in self._held():
            boot = self._told(name)
            place = Place(folder=self._folder, home=self._unpacked(boot), address="", names={}, variables={})
            self._nurseries.prepare(boot.command, place.home, resolved(boot, place))

    def _boot(self, name: str) -> Server:
        boot, [address] = self._told(name), self._addresses.take(1)
        place = Place(
            folder=self._folder / name,
            home=self._unpacked(boot),
            address=address,
            names=self.names,
            variables={
                **self._variables(name),
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": self._metadata.open(name, address),
            },
        )
        return Server(boot, place, self._nurseries)

    def _told(self, name: str) -> Boot:
        asked = {"InstanceId": name, "Attribute": "userData"}
        held = self._account.client("ec2").describe_instance_attribute(**asked)["UserData"]["Value"]
        return cloud_config.read(base64.b64decode(held).decode())

    def _unpacked(self, boot: Boot) -> Path:
        return unpacked(boot, self._account.client("s3"), self._opt)

    def _variables(self, name: str) -> dict[str, str]:
        """Where the account answers, and the credentials of the instance's role, whose session is the instance's."""
        [reservation] = self._account.client("ec2").describe_instances(InstanceIds=[name])["Reservations"]
        profile = reservation["Instances"][0]["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        [role] = self._account.client("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"][
            "Roles"
        ]
        given = self._account.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName=name)["Credentials"]
        return {
            "AWS_ENDPOINT_URL": self._account.serve(),
            "AWS_REGION": self._account.region,
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
            "BIGPICTURE_TLS": "none",  # neither of the packages with the data servers speaks it
        }


def _facts(instance: Mapping[str, Any]) -> dict[str, str]:
    """Paths and words of the EC2 User Guide, "Instance metadata categories"."""
    leaving = instance["LifecycleState"].startswith("Terminating")
    return {
        "instance-id": instance["InstanceId"],
        "placement/availability-zone": instance["AvailabilityZone"],
        "autoscaling/target-lifecycle-state": "Terminated" if leaving else "InService",
    }
