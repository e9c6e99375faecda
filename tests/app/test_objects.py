"""An object that is missing is told from one that the server may not read."""

import asyncio
from typing import Any

import pytest
from botocore.exceptions import ClientError

from app.data.objects import Objects
from app.data.outage import Unavailable


class S3:
    """Stands where AWS is, and refuses with one code."""

    def __init__(self, code):
        self.code = code

    async def call(self, _service, operation, **_asked):
        raise ClientError({"Error": {"Code": self.code}}, operation)


def get(code):
    """What is found of an object for which S3 answers so."""
    s3: Any = S3(code)
    return asyncio.run(Objects(s3, "pictures").get("uploads/1", 1))


def test_what_is_missing_is_none():
    assert get("NoSuchKey") is None


def test_what_may_not_be_read_is_an_outage_that_says_so():
    with pytest.raises(Unavailable) as refused:
        get("AccessDenied")
    assert refused.value.reason == "AccessDenied: this server may not read pictures"
