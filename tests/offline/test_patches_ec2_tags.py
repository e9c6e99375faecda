"""EC2's tags as DescribeTags answers them: of what stands, and only those that were asked for."""

from offline.account import Account

TAGS = [{"Key": "project", "Value": "shop"}, {"Key": "owner", "Value": "me"}]
OF_A_NETWORK = [{"ResourceType": "vpc", "Tags": TAGS}]


def network(account: Account) -> str:
    return account.client("ec2").create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=OF_A_NETWORK)["Vpc"]["VpcId"]


def tagged(account: Account, **more: object) -> list[tuple[str, str]]:
    return [(row["ResourceId"], row["Key"]) for row in account.client("ec2").describe_tags(**more)["Tags"]]


def test_what_stands_has_its_tags(account: Account) -> None:
    id_ = network(account)
    assert tagged(account) == [(id_, "project"), (id_, "owner")]


def test_what_was_deleted_has_none(account: Account) -> None:
    account.client("ec2").delete_vpc(VpcId=network(account))
    assert tagged(account) == []


def test_a_filter_on_a_tag_is_one_on_its_key_and_value(account: Account) -> None:
    id_ = network(account)
    asked = [tagged(account, Filters=[{"Name": "tag:project", "Values": [name]}]) for name in ("shop", "other")]
    assert asked == [[(id_, "project")], []]


def test_moto_still_shows_the_tags_of_what_was_deleted(shipped: Account) -> None:
    shipped.client("ec2").delete_vpc(VpcId=network(shipped))
    assert len(tagged(shipped)) == 2
