"""EC2 as AWS cleans up: instances, NAT gateways and networks take along what was made with them."""

from offline.account import Account


def subnet_of(account: Account) -> str:
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]


def interfaces(account: Account) -> list[str]:
    return [
        each["NetworkInterfaceId"] for each in account.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    ]


def end_an_instance(account: Account) -> None:
    ec2 = account.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet_of(account), InstanceType="t3.micro"
    )
    ec2.terminate_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])


def end_a_nat_gateway(account: Account) -> None:
    ec2 = account.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet_of(account), AllocationId=address)["NatGateway"]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])


def lists_left_by_a_network(account: Account) -> int:
    ec2 = account.client("ec2")
    before = len(ec2.describe_network_acls()["NetworkAcls"])
    ec2.delete_vpc(VpcId=ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])
    return len(ec2.describe_network_acls()["NetworkAcls"]) - before


def test_a_terminated_instance_leaves_no_interface(account: Account):
    end_an_instance(account)
    assert interfaces(account) == []


def test_shipped_moto_keeps_the_interface_of_a_terminated_instance(shipped: Account):
    end_an_instance(shipped)
    assert len(interfaces(shipped)) == 1


def test_a_deleted_nat_gateway_leaves_no_interface(account: Account):
    end_a_nat_gateway(account)
    assert interfaces(account) == []


def test_shipped_moto_keeps_the_interface_of_a_deleted_nat_gateway(shipped: Account):
    end_a_nat_gateway(shipped)
    assert len(interfaces(shipped)) == 1


def test_a_deleted_network_leaves_no_access_list(account: Account):
    assert lists_left_by_a_network(account) == 0


def test_shipped_moto_keeps_the_access_list_of_a_deleted_network(shipped: Account):
    assert lists_left_by_a_network(shipped) == 1
