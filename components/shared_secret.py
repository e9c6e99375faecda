"""Keep one random secret that parts of a system prove themselves with to each other."""

from dataclasses import dataclass

import pulumi

from components.parts.generated_secret import generate_secret
from components.protection import Protection


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedSecretArgs:
    """How hard the secret is to lose."""

    protection: Protection


class SharedSecret(pulumi.ComponentResource):
    """32 random letters and digits, 190 bits, as `{"secret": ...}` in Secrets Manager, for 0.40 USD a month.

    It is no property of anything but its secret: who may read it is given `read_policy`.
    """

    arn: pulumi.Output[str]
    """Known once the secret can be read."""
    read_policy: pulumi.Output[str]

    def __init__(self, name: str, args: SharedSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:security:SharedSecret", name, None, opts)
        made = generate_secret(self, name, args.protection, lambda password: {"secret": password})
        self.arn, self.read_policy = made.arn, made.read_policy
        self.register_outputs({"arn": self.arn, "read_policy": self.read_policy})
