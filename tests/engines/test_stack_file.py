"""Encrypted values of a stack file: hidden where only Pulumi's engine reads them, else refused with the fix."""

import pytest

from engines.refusals import StackFileError
from engines.stack_file import config_of

ENCRYPTED = "config:\n  aws:region: us-east-1\n  {key}:\n    secure: v1:abc\nencryptionsalt: v1:salt\n"


@pytest.fixture
def read(tmp_path):
    """Read the configuration of a stack of which one value is encrypted."""

    def config(stack, key):
        (tmp_path / "stacks").mkdir()
        (tmp_path / "stacks" / f"Pulumi.{stack}.yaml").write_text(ENCRYPTED.format(key=key))
        return config_of(stack, root=tmp_path)

    return config


def test_an_encrypted_value_of_another_package_is_hidden(read):
    assert read("sandbox", "aws:secretKey") == {"aws:region": "us-east-1", "aws:secretKey": "[secret]"}


def test_an_encrypted_setting_is_refused_with_the_command_that_makes_it_plain(read):
    with pytest.raises(StackFileError, match=r"no setting is a secret. Fix: pulumi config set size VALUE --stack"):
        read("sandbox", "bigpicture:size")


def test_the_offline_stack_holds_nothing_encrypted(read):
    with pytest.raises(StackFileError, match=r"keep no secrets. Fix: pulumi config rm aws:secretKey --stack offline"):
        read("offline", "aws:secretKey")
