"""Fragments about tables."""

import pulumi
import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps


def table(opts=None, **more):
    given = {"billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "attributes": [attribute("id")]}
    return aws.dynamodb.Table("table", opts=opts, **{**given, **more})


def attribute(name, kind="S"):
    return aws.dynamodb.TableAttributeArgs(name=name, type=kind)


def index(name, key="id", **more):
    keys = [aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=key, key_type="HASH")]
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(name=name, key_schemas=keys, **{"projection_type": "ALL", **more})


@breaks(
    "table-name",
    "aws:dynamodb/table:Table 'table': name is \"my table\"; allowed: 3 to 255 of A-Z, a-z, 0-9, ., - and _.",
)
def blank_in_a_tables_name():
    table(name="my table")


@keeps("table-name")
def table_name_of_3():
    table(name="a.b")


@breaks(
    "table-attributes-are-keys",
    'aws:dynamodb/table:Table \'table\': attributes is ["colour", "id"]; allowed: exactly id.',
)
def attribute_that_is_no_key():
    table(attributes=[attribute("id"), attribute("colour")])


@keeps("table-attributes-are-keys")
def attribute_of_an_index():
    table(attributes=[attribute("id"), attribute("colour")], global_secondary_indexes=[index("i", "colour")])


@breaks(
    "table-key-types",
    "aws:dynamodb/table:Table 'table': attributes[0].type is \"BOOL\"; allowed: S or N or B.",
)
def boolean_key():
    table(attributes=[attribute("id", "BOOL")])


@keeps("table-key-types")
def binary_key():
    table(attributes=[attribute("id", "B")])


@breaks(
    "table-has-a-key",
    "aws:dynamodb/table:Table 'table': hashKey is not set; allowed: the name of an attribute.",
)
def table_without_a_key():
    table(hash_key=None, attributes=None)


@breaks(
    "table-billing-and-capacity",
    "aws:dynamodb/table:Table 'table': readCapacity is 5; allowed: not set on demand.",
    "aws:dynamodb/table:Table 'table': writeCapacity is 5; allowed: not set on demand.",
)
def capacity_on_demand():
    table(read_capacity=5, write_capacity=5)


@breaks(
    "table-billing-and-capacity",
    "aws:dynamodb/table:Table 'table': readCapacity is 0; allowed: 1 or more in provisioned mode.",
    "aws:dynamodb/table:Table 'table': writeCapacity is not set; allowed: 1 or more in provisioned mode.",
)
def provisioned_with_nothing():
    table(billing_mode="PROVISIONED", read_capacity=0)


@keeps("table-billing-and-capacity")
def provisioned_with_one():
    table(billing_mode="PROVISIONED", read_capacity=1, write_capacity=1)


def scaled(**options):
    made = table(billing_mode="PROVISIONED", read_capacity=1, write_capacity=1, opts=pulumi.ResourceOptions(**options))
    aws.appautoscaling.Target(
        "target", max_capacity=9, min_capacity=1, resource_id=made.name.apply(lambda name: f"table/{name}"),
        scalable_dimension="dynamodb:table:ReadCapacityUnits", service_namespace="dynamodb",
    )  # fmt: skip


@breaks(
    "table-scaled-capacity-is-ignored",
    "aws:dynamodb/table:Table 'table': ignoreChanges is []; allowed: readCapacity and writeCapacity.",
)
def capacity_set_back():
    scaled()


@keeps("table-scaled-capacity-is-ignored")
def capacity_left_alone():
    scaled(ignore_changes=["readCapacity", "writeCapacity"])


@breaks(
    "table-index-count",
    "aws:dynamodb/table:Table 'table': globalSecondaryIndexes is 21; allowed: at most 20.",
)
def indexes_21():
    table(global_secondary_indexes=[index(f"i{number}") for number in range(21)])


@keeps("table-index-count")
def indexes_20():
    table(global_secondary_indexes=[index(f"i{number}") for number in range(20)])


@breaks(
    "table-index-projection",
    "aws:dynamodb/table:Table 'table': globalSecondaryIndexes[0].nonKeyAttributes is not set; allowed: "
    "given exactly with INCLUDE.",
)
def include_of_nothing():
    table(global_secondary_indexes=[index("i", projection_type="INCLUDE")])


@keeps("table-index-projection")
def include_of_something():
    table(global_secondary_indexes=[index("i", projection_type="INCLUDE", non_key_attributes=["colour"])])


@breaks(
    "table-recovery-days",
    "aws:dynamodb/table:Table 'table': pointInTimeRecovery.recoveryPeriodInDays is 36; allowed: 1 to 35.",
)
def recovery_of_36_days():
    recovery = aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True, recovery_period_in_days=36)
    table(point_in_time_recovery=recovery)


@keeps("table-recovery-days")
def recovery_of_a_day():
    recovery = aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True, recovery_period_in_days=1)
    table(point_in_time_recovery=recovery)


@breaks(
    "table-protected-is-recoverable",
    "aws:dynamodb/table:Table 'table': pointInTimeRecovery.enabled is not set; allowed: true, as the "
    "table is protected.",
)
def protected_only():
    table(deletion_protection_enabled=True)


@breaks(
    "table-demand-limit",
    "aws:dynamodb/table:Table 'table': onDemandThroughput.maxReadRequestUnits is 0; allowed: 1 or more, or -1.",
)
def no_demand_allowed():
    table(on_demand_throughput=aws.dynamodb.TableOnDemandThroughputArgs(max_read_request_units=0))


@keeps("table-demand-limit")
def no_limit_on_demand():
    limit = aws.dynamodb.TableOnDemandThroughputArgs(max_read_request_units=-1, max_write_request_units=1)
    table(on_demand_throughput=limit)


@breaks(
    "table-warm-throughput",
    "aws:dynamodb/table:Table 'table': warmThroughput.readUnitsPerSecond is 11999; allowed: 12000 or more.",
    "aws:dynamodb/table:Table 'table': warmThroughput.writeUnitsPerSecond is 3999; allowed: 4000 or more.",
)
def lukewarm():
    warm = aws.dynamodb.TableWarmThroughputArgs(read_units_per_second=11_999, write_units_per_second=3_999)
    table(warm_throughput=warm)


@keeps("table-warm-throughput")
def warm_as_ever():
    warm = aws.dynamodb.TableWarmThroughputArgs(read_units_per_second=12_000, write_units_per_second=4_000)
    table(warm_throughput=warm)
