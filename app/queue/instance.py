"""What EC2 tells a server of itself: who it is, and whether its Auto Scaling group wants it gone."""

import asyncio
import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

LINK_LOCAL = "http://169.254.169.254"
TIMEOUT_S = 1.0
TOKEN_S = 60
LEAVING = "Terminated"
"""Auto Scaling User Guide, "Retrieve the target lifecycle state through instance metadata"."""


class Instance:
    """The instance metadata service in its second version, where the SDKs look for it as well."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Heed the SDKs' own AWS_EC2_METADATA_DISABLED and AWS_EC2_METADATA_SERVICE_ENDPOINT in *environment*."""
        self.known = environment.get("AWS_EC2_METADATA_DISABLED", "").lower() != "true"
        """False on a machine that is no instance."""
        self._address = urlsplit(environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "") or LINK_LOCAL)

    async def is_leaving(self) -> bool:
        """Whether the group scales this server in; raises OSError when nobody answers."""
        return self.known and await asyncio.to_thread(self._read, "autoscaling/target-lifecycle-state") == LEAVING

    async def name(self) -> str:
        """The instance's id; raises OSError when nobody answers."""
        return await asyncio.to_thread(self._read, "instance-id")

    def _read(self, path: str) -> str:
        """The text at *path*; empty where there is none, as for a server that no group has made."""
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port or 80, timeout=TIMEOUT_S
        )
        try:
            lifetime = {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_S)}
            token = self._ask(connection, "PUT", "/latest/api/token", lifetime)
            return self._ask(connection, "GET", f"/latest/meta-data/{path}", {"X-aws-ec2-metadata-token": token})
        except http.client.HTTPException as fault:
            raise OSError(type(fault).__name__) from fault
        finally:
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> str:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        return text if answer.status == http.client.OK else ""
