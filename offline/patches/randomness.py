"""Every id from moto's one seeded generator: some come from the system's own source of chance instead."""

from types import SimpleNamespace
from typing import Any

from moto.dynamodbstreams import models as streams
from moto.moto_api._internal import mock_random
from moto.rds import models as rds
from moto.s3.models import FakeMultipart
from moto.sts import utils as sts

from offline.patches.swap import replaces, sets

SEEDED_OS = SimpleNamespace(urandom=mock_random.randbytes)
sets(sts, "os", SEEDED_OS)  # session tokens
sets(streams, "os", SEEDED_OS)  # shard iterators
sets(rds, "uuid", mock_random)  # names of the secrets of managed passwords


@replaces(FakeMultipart, "__init__")
def upload_ids_are_seeded(original: Any, upload: FakeMultipart, *args: Any, **kwargs: Any) -> None:
    """Draw the upload id anew."""
    original(upload, *args, **kwargs)
    upload.id = mock_random.get_random_string(len(upload.id))
