"""Answer what a program asks of the SSM parameter store."""

from __future__ import annotations

from typing import Any

from offline.handler import Aws, Properties

SECRET_TYPE = "SecureString"


def get_parameter(aws: Aws, arguments: Properties) -> Properties:
    """`aws.ssm.get_parameter`; AWS's public ones hold the newest machine images."""
    dropped = sorted(arguments.keys() - {"name", "withDecryption", "region"})
    if dropped:
        raise ValueError(f"{', '.join(dropped)} is not obeyed by the offline account; obeyed: name, withDecryption")
    decrypt = arguments.get("withDecryption", True)
    found = aws("ssm").get_parameter(Name=arguments["name"], WithDecryption=decrypt)["Parameter"]
    return {
        "id": found["Name"],
        "arn": found["ARN"],
        "name": found["Name"],
        "region": aws.region,
        "type": found["Type"],
        "value": found["Value"],
        "insecureValue": "" if found["Type"] == SECRET_TYPE else found["Value"],
        "version": found["Version"],
        "withDecryption": decrypt,
    }


HANDLERS: tuple[Any, ...] = ()
INVOKES: dict[str, Any] = {"aws:ssm/getParameter:getParameter": get_parameter}
