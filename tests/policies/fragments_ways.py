"""Fragments about where routes, flow logs, disks and endpoints lead."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:flows"
BUCKET = "arn:aws:s3:::flows-made-elsewhere"
ROLE = "arn:aws:iam::123456789012:role/flows"


def routed(gateway_of=None, **more):
    """A route of a VPC to the gateway of *gateway_of*: the same VPC, another one, or none."""
    within = parts.vpc()
    homes = {"mine": within, "theirs": parts.vpc("theirs", "10.1.0.0/16")}
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=homes[gateway_of].id if gateway_of else None)
    table = aws.ec2.RouteTable("table", vpc_id=within.id)
    given = {"destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway.id, **more}
    aws.ec2.Route("out", route_table_id=table.id, **given)


def flow_log(**more):
    aws.ec2.FlowLog("flows", vpc_id="vpc-made-elsewhere", traffic_type="ALL", **more)


def server(**more):
    given = {
        "ami": "ami-0123456789abcdef0",
        "instance_type": "t3.micro",
        "metadata_options": {"http_tokens": "required"},
    }
    return aws.ec2.Instance("server", **given, **more)


def mounted(zone):
    volume = aws.ebs.Volume("volume", availability_zone=zone, size=10, encrypted=True)
    made = server(subnet_id=parts.subnet(parts.vpc()).id)
    aws.ec2.VolumeAttachment("mounted", instance_id=made.id, volume_id=volume.id, device_name="/dev/sdf")


def endpoint(opens=None, **more):
    """An interface endpoint whose group opens the port."""
    within = parts.vpc()
    group = parts.security_group("callers", within)
    if opens:
        aws.vpc.SecurityGroupIngressRule("in", security_group_id=group.id, ip_protocol="tcp", from_port=opens,
                                         to_port=opens, cidr_ipv4="10.0.0.0/16")  # fmt: skip
    given = {"subnet_ids": [parts.subnet(within).id], "security_group_ids": [group.id], **more}
    return aws.ec2.VpcEndpoint("sqs", vpc_id=within.id, service_name="com.amazonaws.us-east-1.sqs",
                               vpc_endpoint_type="Interface", **given)  # fmt: skip


@breaks(
    "route-to-a-gateway-of-its-vpc",
    "aws:ec2/route:Route 'out': gatewayId is \"gateway\"; allowed: a gateway that is attached to the route "
    "table's VPC.",
)
def route_to_another_vpcs_gateway():
    routed("theirs")


@breaks(
    "route-to-a-gateway-of-its-vpc",
    "aws:ec2/route:Route 'out': gatewayId is \"gateway\"; allowed: a gateway that is attached to the route "
    "table's VPC.",
)
def route_to_a_gateway_of_no_vpc():
    routed()


@keeps("route-to-a-gateway-of-its-vpc")
def route_to_its_own_gateway():
    routed("mine")


@breaks(
    "route-is-not-the-local-one",
    "aws:ec2/route:Route 'out': destinationCidrBlock is \"10.0.0.0/16\"; allowed: another range than the VPC's own.",
)
def route_to_the_vpc_itself():
    routed("mine", destination_cidr_block="10.0.0.0/16")


@keeps("route-is-not-the-local-one")
def route_to_another_network():
    routed("mine", destination_cidr_block="10.1.0.0/16")


@breaks(
    "flow-log-role",
    "aws:ec2/flowLog:FlowLog 'flows': iamRoleArn is not set; allowed: a role that writes logs.",
)
def flow_log_without_a_role():
    flow_log(log_destination=LOGS)


@breaks(
    "flow-log-role",
    "aws:ec2/flowLog:FlowLog 'flows': iamRoleArn is \"arn:aws:iam::123456789012:role/flows\"; allowed: not "
    "set, as it goes to a bucket.",
)
def flow_log_into_a_bucket_with_a_role():
    flow_log(log_destination=BUCKET, log_destination_type="s3", iam_role_arn=ROLE)


@keeps("flow-log-role")
def flow_log_with_a_role():
    flow_log(log_destination=LOGS, iam_role_arn=ROLE)


@breaks(
    "flow-log-interval",
    "aws:ec2/flowLog:FlowLog 'flows': maxAggregationInterval is 300; allowed: 60 or 600.",
)
def flow_log_of_five_minutes():
    flow_log(log_destination=BUCKET, log_destination_type="s3", max_aggregation_interval=300)


@keeps("flow-log-interval")
def flow_log_of_a_minute():
    flow_log(log_destination=BUCKET, log_destination_type="s3", max_aggregation_interval=60)


@breaks(
    "volume-of-its-zone",
    "aws:ec2/volumeAttachment:VolumeAttachment 'mounted': volumeId is \"volume in us-east-1b\"; allowed: a "
    "volume in us-east-1a.",
)
def volume_in_another_zone():
    mounted("us-east-1b")


@keeps("volume-of-its-zone")
def volume_in_its_servers_zone():
    mounted("us-east-1a")


@breaks(
    "instance-zone-of-its-subnet",
    "aws:ec2/instance:Instance 'server': availabilityZone is \"us-east-1b\"; allowed: us-east-1a, as "
    "subnet-a-10.0.0.0 is.",
)
def server_in_another_zone():
    server(subnet_id=parts.subnet(parts.vpc()).id, availability_zone="us-east-1b")


@keeps("instance-zone-of-its-subnet")
def server_in_its_subnets_zone():
    server(subnet_id=parts.subnet(parts.vpc()).id, availability_zone="us-east-1a")


@breaks(
    "endpoint-port-is-open",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'sqs': securityGroupIds is [\"callers\"]; allowed: a group that opens 443.",
)
def endpoint_behind_a_closed_port():
    endpoint(80)


@keeps("endpoint-port-is-open")
def endpoint_behind_an_open_port():
    endpoint(443)


@breaks(
    "endpoint-has-subnets",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'sqs': subnetIds is not set; allowed: a subnet in each zone.",
)
def endpoint_without_a_subnet():
    endpoint(443, subnet_ids=None)


@keeps("endpoint-has-subnets")
def endpoint_with_a_subnet_beside_it():
    made = endpoint(443, subnet_ids=None)
    aws.ec2.VpcEndpointSubnetAssociation("placed", vpc_endpoint_id=made.id, subnet_id="subnet-made-elsewhere")
