"""Open AWS clients as Pulumi's provider does: by the shell's variables, the profile, and the region of a stack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import botocore.exceptions as faults
from botocore.config import Config

from engines.refusals import Refusal
from engines.running import OFFLINE_CREDENTIAL, Running

FAILED = (faults.ClientError, faults.BotoCoreError)
"""Everything by which a call says that it got no answer, or that the answer is no."""
NO_CREDENTIALS = (faults.NoCredentialsError, faults.PartialCredentialsError, faults.ProfileNotFound)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
LOGIN = "aws login, aws sso login or aws configure, or set AWS_PROFILE"
WAIT_S = 10
"""For a connection and for an answer. A dead network is known after the first of some twenty questions."""


class CloudError(Refusal):
    """AWS cannot be asked at all."""


class Cloud:
    """An AWS account, as the credentials that are at hand see it."""

    def __init__(self, region: str, profile: str | None = None, *, endpoint: str | None = None, key: str = "") -> None:
        """Raise CloudError for a profile that does not exist; *endpoint* and *key* are an offline account's."""
        self.region, self._endpoint = region, endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        try:
            keys = {"aws_access_key_id": key, "aws_secret_access_key": key} if key else {}
            self._session = boto3.Session(region_name=region, profile_name=profile, **keys)
        except faults.BotoCoreError as error:
            raise CloudError(explained(error)) from error

    def client(self, service: str, region: str | None = None) -> Any:
        """The boto3 client of *service*, the same object each time; *region* defaults to the stack's."""
        key = (service, region or self.region)
        if key not in self._clients:
            config = Config(connect_timeout=WAIT_S, read_timeout=WAIT_S, retries={"total_max_attempts": 2})
            self._clients[key] = self._session.client(
                service, region_name=key[1], config=config, endpoint_url=self._endpoint
            )
        return self._clients[key]

    def rows(self, service: str, operation: str, region: str | None = None, **params: Any) -> Iterator[dict[str, Any]]:
        """Every row of a listing that AWS gives in pages, from the one list that an answer holds."""
        paginator = self.client(service, region).get_paginator(operation)
        [key] = (each.expression for each in paginator.result_keys)
        for page in paginator.paginate(**params):
            yield from page[key]

    def identity(self) -> dict[str, str]:
        """Account and Arn of the caller; CloudError with the fix where there is none."""
        try:
            found = self.client("sts").get_caller_identity()
        except FAILED as error:
            raise CloudError(explained(error)) from error
        return {"Account": found["Account"], "Arn": found["Arn"]}


def of_running(account: Running) -> Cloud:
    """The offline account that is running."""
    return Cloud(account.region, endpoint=account.endpoint, key=OFFLINE_CREDENTIAL)


def of_config(config: Mapping[str, str]) -> Cloud:
    """The account that a stack with this configuration is deployed to."""
    return Cloud(config["aws:region"], config.get("aws:profile"))


def tags_of(row: Mapping[str, Any], key: str = "Tags") -> dict[str, str]:
    """The tags of what an AWS API describes, as a dictionary."""
    return {tag["Key"]: tag["Value"] for tag in row.get(key) or []}


def endpoint() -> str | None:
    """The address that stands in for AWS, where one is set: the offline account's after `env`."""
    return os.environ.get("AWS_ENDPOINT_URL")


def reason(error: Exception) -> str:
    """Why a call failed, in one word where AWS has one: AccessDenied, NotImplemented."""
    if isinstance(error, faults.ClientError):
        return error.response.get("Error", {}).get("Code", "") or "unknown error"
    return type(error).__name__


def explained(error: Exception) -> str:
    """Why nobody could be asked: what, got, allowed, fix."""
    if isinstance(error, NO_CREDENTIALS):
        return f"AWS credentials: {str(error).rstrip('.')}; allowed: those of the account to deploy to. Fix: {LOGIN}"
    if reason(error) in EXPIRED or "SSO" in reason(error) or isinstance(error, faults.TokenRetrievalError):
        return f"AWS credentials: they have expired ({reason(error)}); allowed: valid ones. Fix: {LOGIN}"
    if isinstance(error, faults.ClientError):
        return f"AWS credentials: AWS answers {reason(error)}; allowed: credentials that it knows. Fix: {LOGIN}"
    return f"AWS cannot be reached: {error}; allowed: an answer. Fix: the network, or AWS_ENDPOINT_URL if it is set"
