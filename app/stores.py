"""Every store of one process, put together from the contract; nothing connects before it is asked."""

from collections.abc import Sequence

from app.calls.client import Calls
from app.calls.gate import Gate
from app.calls.signature import Key
from app.contract import Contract
from app.data.aws import Aws
from app.data.customers import ShardedEntries
from app.data.database import READ_S, WRITE_S, Database
from app.data.hints import Hints
from app.data.migrations import Migrations
from app.data.objects import Objects
from app.data.postgres import Access, Server
from app.data.progress import ValkeyProgress
from app.data.secrets import Secrets
from app.data.sessions import ValkeySessions
from app.data.valkey import Cache
from app.queue.sender import Sender


class Stores:
    """What the services of one process share."""

    def __init__(self, contract: Contract, services: Sequence[str]) -> None:
        """Point at the stores that *contract* names, with the tables of *services*."""
        self.aws = Aws(contract.region)
        self.secrets = secrets = Secrets(self.aws)
        tls = contract.tls == "required"
        self.on_one_machine = not tls
        access = Access(secrets, contract.database_secret_arn, contract.database_name, tls=tls)
        primary = Server(access, contract.database_host, contract.database_port, WRITE_S)
        self.migrations = Migrations(primary, services)
        replicas = [Server(access, host, contract.database_port, READ_S) for host in contract.database_reader_hosts]
        self.database = Database(primary, replicas, self.migrations)
        self.customers = ShardedEntries(self.aws, contract.shard_map)
        self.cache = Cache(secrets, contract.cache_secret_arn, contract.cache_host, contract.cache_port, tls=tls)
        key = Key(secrets, contract.calls_secret_arn)
        self.calls, self.gate = Calls(key, contract.internal_url), Gate(key)
        self.takes_payments = contract.payment_gateway != "none"
        self.gateway_key = Key(secrets, contract.gateway_secret_arn)
        self.sessions = ValkeySessions(self.cache)
        self.progress = ValkeyProgress(self.cache)
        self.pictures = Objects(self.aws, contract.pictures_bucket)
        self.documents = Objects(self.aws, contract.documents_bucket)
        self.hints = Hints(self.aws, contract.queue_urls["statistics"])
        self.queues = {kind: Sender(self.aws, url) for kind, url in contract.queue_urls.items()}

    async def close(self) -> None:
        """Close every connection; who calls this has drained already."""
        await self.database.close()
        await self.cache.close()
        await self.calls.close()
        self.aws.close()
