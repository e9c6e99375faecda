"""Two runs of one program: other passwords, the same graph."""

import pulumi
import pytest

from components.parts.generated_secret import generate_secret
from components.protection import Protection
from tests.deploying import deploy


class Box(pulumi.ComponentResource):
    """Something that keeps a secret."""

    def __init__(self, name):
        super().__init__("test:index:Box", name)
        protection = Protection(secret_recovery_days=7)
        self.secret = generate_secret(self, name, protection, lambda password: {"password": password})


def values():
    """The graph, and every secret value that the account holds."""
    deployed = deploy(lambda: [Box(name) for name in ("one", "two")])
    manager = deployed.client("secretsmanager")
    held = manager.list_secrets()["SecretList"]
    return deployed.graph, {manager.get_secret_value(SecretId=each["ARN"])["SecretString"] for each in held}


@pytest.fixture(scope="module")
def runs():
    return values(), values()


def test_no_password_is_ever_drawn_twice(runs):
    (_, first), (_, again) = runs
    assert len(first | again) == 4


def test_the_graph_is_the_same_although_the_passwords_differ(runs):
    (first, _), (again, _) = runs
    assert first == again
