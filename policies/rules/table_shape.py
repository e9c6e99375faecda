"""Rules of the keys, indexes and streams of DynamoDB tables: how they fit each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.sharded_table import API, TABLE, TARGET
from policies.values import Fault, Properties, of_each

INDEXES = ("globalSecondaryIndexes", "localSecondaryIndexes")
SCALED = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html"


@resource_rule(TABLE, source=f"{API}StreamSpecification.html", fix='give stream_view_type="NEW_AND_OLD_IMAGES"')
def table_stream_view(table: Resource) -> Iterator[Fault]:
    """A stream says what of an item it holds; DynamoDB makes none that does not."""
    if table.flag("streamEnabled") and not table.text("streamViewType"):
        yield table.fault("streamViewType", "KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES")


@resource_rule(TABLE, source=f"{API}KeySchemaElement.html", fix="sort by another attribute")
def table_keys_differ(table: Resource) -> Iterator[Fault]:
    """The partition key and the sort key of a table, or of an index, are two attributes."""
    yield from of_each([table, *_indexes(table)], _keys)


@resource_rule(TABLE, source=f"{API}CreateTable.html", fix="give each index a name of its own")
def table_index_names(table: Resource) -> Iterator[Fault]:
    """The indexes of a table have names of their own."""
    names = Counter(name for each in _indexes(table) for name in each.known_texts("name"))
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        yield table.fault(INDEXES[0], "a name for each index", got=twice)


@resource_rule(TABLE, source=f"{API}LocalSecondaryIndex.html", fix="give the table a range_key, or use a global index")
def table_local_index(table: Resource) -> Iterator[Fault]:
    """A local index sorts the items of a partition anew: a table without a sort key has one item in each."""
    if table.get("localSecondaryIndexes") and "rangeKey" not in table:
        yield table.fault("rangeKey", "given, as the table has a local index")


@resource_rule(TABLE, source=f"{API}GlobalSecondaryIndex.html", fix="give read_capacity and write_capacity")
def table_index_capacity(table: Resource) -> Iterator[Fault]:
    """Each global index of a provisioned table has capacities of its own."""
    if table.text("billingMode") != "PAY_PER_REQUEST":
        yield from of_each(table.parts(INDEXES[0]), _capacity)


@resource_rule(TARGET, source=SCALED, fix="let the least not be above the most")
def scaled_between(target: Resource) -> Iterator[Fault]:
    """What Application Auto Scaling scales has a least that is not above its most."""
    least, most = target.number("minCapacity"), target.number("maxCapacity")
    if least is not None and most is not None and least > most:
        yield target.fault("minCapacity", f"at most {most}")


@resource_rule(TARGET, source=SCALED, fix="begin it with the service, such as dynamodb:table:ReadCapacityUnits")
def scaled_of_its_service(target: Resource) -> Iterator[Fault]:
    """A scalable dimension begins with its service's namespace."""
    service = target.text("serviceNamespace")
    if service and not target.text("scalableDimension").startswith(f"{service}:"):
        yield target.fault("scalableDimension", f"a dimension of {service}")


def _indexes(table: Resource) -> list[Properties]:
    return [each for name in INDEXES if table.is_known(name) for each in table.parts(name)]


def _keys(holder: Properties) -> Iterator[Fault]:
    if holder.text("rangeKey") and holder.text("rangeKey") == holder.text("hashKey"):
        yield holder.fault("rangeKey", f"another attribute than {holder.text('hashKey')}")


def _capacity(index: Properties) -> Iterator[Fault]:
    for name in ("readCapacity", "writeCapacity"):
        if not index.number(name):
            yield index.fault(name, "1 or more, as the table is provisioned")
