"""Fragments about the keys, indexes and streams of tables."""

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

AT = [{"name": "id", "type": "S"}, {"name": "at", "type": "S"}]
GLOBAL = {"name": "g", "hash_key": "id", "projection_type": "ALL"}
LOCAL = {"name": "l", "range_key": "at", "projection_type": "ALL"}
BOUGHT = {"billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 1}


def table(**more):
    given = {"hash_key": "id", "billing_mode": "PAY_PER_REQUEST", "attributes": AT[:1]}
    aws.dynamodb.Table("table", **{**given, **more})


def scaled(**more):
    given = {
        "min_capacity": 1,
        "max_capacity": 10,
        "resource_id": "table/made-elsewhere",
        "scalable_dimension": "dynamodb:table:ReadCapacityUnits",
        "service_namespace": "dynamodb",
    }
    aws.appautoscaling.Target("scaled", **{**given, **more})


@breaks(
    "table-stream-view",
    "aws:dynamodb/table:Table 'table': streamViewType is not set; allowed: KEYS_ONLY, NEW_IMAGE, "
    "OLD_IMAGE or NEW_AND_OLD_IMAGES.",
)
def stream_of_nobody_knows_what():
    table(stream_enabled=True)


@keeps("table-stream-view")
def stream_of_keys():
    table(stream_enabled=True, stream_view_type="KEYS_ONLY")


@breaks(
    "table-keys-differ",
    "aws:dynamodb/table:Table 'table': rangeKey is \"id\"; allowed: another attribute than id.",
)
def table_sorted_by_its_partition():
    table(range_key="id")


@breaks(
    "table-keys-differ",
    "aws:dynamodb/table:Table 'table': globalSecondaryIndexes[0].rangeKey is \"id\"; allowed: another "
    "attribute than id.",
)
def index_sorted_by_its_partition():
    table(global_secondary_indexes=[{**GLOBAL, "range_key": "id"}])


@keeps("table-keys-differ")
def table_sorted_by_another():
    table(range_key="at", attributes=AT)


@breaks(
    "table-index-names",
    "aws:dynamodb/table:Table 'table': globalSecondaryIndexes is [\"g\"]; allowed: a name for each index.",
)
def two_indexes_of_one_name():
    table(range_key="at", attributes=AT, global_secondary_indexes=[GLOBAL, {**GLOBAL, "range_key": "at"}])


@keeps("table-index-names")
def two_indexes_of_two_names():
    table(global_secondary_indexes=[GLOBAL, {**GLOBAL, "name": "h"}])


@breaks(
    "table-local-index",
    "aws:dynamodb/table:Table 'table': rangeKey is not set; allowed: given, as the table has a local index.",
)
def local_index_without_a_sort_key():
    table(attributes=AT, local_secondary_indexes=[LOCAL])


@keeps("table-local-index")
def local_index_beside_a_sort_key():
    table(range_key="at", attributes=AT, local_secondary_indexes=[LOCAL])


@breaks(
    "table-index-capacity",
    "aws:dynamodb/table:Table 'table': globalSecondaryIndexes[0].writeCapacity is not set; allowed: 1 or "
    "more, as the table is provisioned.",
)
def index_without_a_capacity():
    table(**BOUGHT, global_secondary_indexes=[{**GLOBAL, "read_capacity": 1}])


@keeps("table-index-capacity")
def index_on_demand():
    table(global_secondary_indexes=[GLOBAL])


@keeps("table-index-capacity")
def index_with_capacities():
    table(**BOUGHT, global_secondary_indexes=[{**GLOBAL, "read_capacity": 1, "write_capacity": 1}])


@breaks(
    "scaled-between",
    "aws:appautoscaling/target:Target 'scaled': minCapacity is 11; allowed: at most 10.",
)
def least_above_the_most():
    scaled(min_capacity=11)


@keeps("scaled-between")
def least_that_is_the_most():
    scaled(min_capacity=10)


@breaks(
    "scaled-of-its-service",
    "aws:appautoscaling/target:Target 'scaled': scalableDimension is \"dynamodb:table:ReadCapacityUnits\"; "
    "allowed: a dimension of ecs.",
)
def dimension_of_another_service():
    scaled(service_namespace="ecs")


@keeps("scaled-of-its-service")
def dimension_of_its_service():
    scaled()
