"""Targets are as whoever runs them says, read back with boto3; healthy where nobody runs them."""

from offline.account import Account
from offline.patches.elbv2_health import observe
from offline.patches.overlay import backend_of
from tests.offline.servers import fleet, instances


def states(account: Account, arn: str) -> list[str]:
    rows = account.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [row["TargetHealth"]["State"] for row in rows]


def test_targets_are_healthy_once_registered_where_nobody_runs_them(account: Account) -> None:
    assert states(account, fleet(account, 2)) == ["healthy", "healthy"]


def test_targets_are_as_they_were_seen_and_initial_until_then(account: Account) -> None:
    arn = fleet(account, 2)
    observe(
        backend_of("elbv2", account.account_id, account.region),
        {arn: {instances(account)[0]["InstanceId"]: "unhealthy"}},
    )
    assert states(account, arn) == ["unhealthy", "initial"]
