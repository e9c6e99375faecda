"""Secrets by ARN, fetched when first needed and again when one turned out to be wrong."""

import json
from collections.abc import Mapping

from botocore.exceptions import ClientError

from app.data.aws import Aws
from app.data.outage import Unavailable


class Secrets:
    """Values of Secrets Manager, kept for the life of the process until `forget`."""

    def __init__(self, aws: Aws) -> None:
        """Read through *aws* with the server's role."""
        self._aws = aws
        self._known: dict[str, Mapping[str, str]] = {}

    async def get(self, arn: str) -> Mapping[str, str]:
        """The JSON object in the secret *arn*; raises Unavailable when it cannot be read now."""
        if arn not in self._known:
            await self.renew(arn)
        return self._known[arn]

    async def renew(self, arn: str) -> None:
        """Fetch *arn* anew; raises Unavailable when it cannot be read now, and then what was known stays."""
        try:
            answer = await self._aws.call("secretsmanager", "get_secret_value", SecretId=arn)
        except ClientError as refused:
            raise Unavailable("secrets", refused.response["Error"]["Code"]) from refused
        self._known[arn] = json.loads(answer["SecretString"])

    def forget(self, arn: str) -> None:
        """Fetch *arn* anew at the next `get`: a store refused it, so it was rotated."""
        self._known.pop(arn, None)
