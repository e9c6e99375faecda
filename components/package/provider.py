"""Serve the boxes to Pulumi's engine, as the provider of the package `bigpicture`."""

import sys
from typing import Any

import pulumi
from pulumi.provider import main
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider

from components.alarm_topic import AlarmTopic
from components.alias_records import AliasRecords
from components.browser_uploads import BrowserUploads
from components.cdn import Cdn
from components.database import Database
from components.dns import Dns
from components.event_bus import EventBus
from components.fleet import Fleet
from components.internal_balancer import InternalBalancer
from components.load_balancer import LoadBalancer
from components.network import Network
from components.object_store import ObjectStore
from components.observability import Observability
from components.package.shapes import packaged
from components.package.values import shown
from components.session_store import SessionStore
from components.sharded_table import ShardedTable
from components.shared_secret import SharedSecret
from components.subscription import Subscription
from components.uploaded_files import UploadedFiles
from components.work_queue import WorkQueue
from components.workers import Workers

NAME = "bigpicture"
VERSION = "0.1.0"
BOXES = (
    AlarmTopic,
    AliasRecords,
    BrowserUploads,
    Cdn,
    Database,
    Dns,
    EventBus,
    Fleet,
    InternalBalancer,
    LoadBalancer,
    Network,
    ObjectStore,
    Observability,
    SessionStore,
    ShardedTable,
    SharedSecret,
    Subscription,
    UploadedFiles,
    WorkQueue,
    Workers,
)


class Package(ComponentProvider):
    """Pulumi's own provider for Python components, whose outputs may hold objects within mappings as well."""

    def __init__(self) -> None:
        super().__init__([packaged(box) for box in BOXES], NAME, version=VERSION)

    def get_state(self, instance: pulumi.ComponentResource, component_def: ComponentDefinition) -> dict[str, Any]:
        """The outputs by their names in the schema; what a component leaves None is left out."""
        state = {name: getattr(instance, of) for name, of in component_def.outputs_mapping.items()}
        return {name: shown(value) for name, value in state.items() if value is not None}


def serve() -> None:
    """Answer the engine, whose address is the first argument, until it ends this process."""
    main(Package(), sys.argv[1:])
