"""Say which service and which worker may use what: the only list of permissions between the store's parts."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

ALWAYS = frozenset({"artifacts"})
"""Every server fetches the artifact."""

SERVICE_NEEDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "accounts": frozenset({"database", "sessions", "publish"}),
        "catalog": frozenset({"database", "sessions", "pictures", "send-pictures", "send-statistics", "calls"}),
        "orders": frozenset({"tables", "sessions", "publish", "send-sagas", "calls"}),
        "payments": frozenset({"database", "sessions", "publish", "calls", "gateway"}),
        "shipping": frozenset({"tables", "sessions"}),
        "feedback": frozenset({"database", "sessions", "publish"}),
    }
)
"""Service -> what it uses: accounts, catalog, payments and feedback live in PostgreSQL, the others in shards."""

WORKER_NEEDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pictures": frozenset({"consume-pictures", "pictures", "database"}),
        "mail": frozenset({"consume-mail", "database", "documents"}),
        "shipping": frozenset({"consume-shipping", "send-shipping", "tables", "sessions"}),
        "statistics": frozenset({"consume-statistics", "database"}),
        "sagas": frozenset({"consume-sagas", "tables", "calls"}),
    }
)
"""Kind of work -> what its workers use."""

CALLERS = frozenset({"orders", "sagas"})
"""Services and kinds of work whose servers may open connections to the services that are called."""

EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mail": ("CustomerSignedUp", "OrderPlaced", "OrderPaid", "OrderRefused", "ParcelDelivered", "RefundIssued"),
        "shipping": ("OrderPaid", "OrderRefused", "OrderReturned", "ReturnRequested", "ParcelDelivered"),
        "sagas": ("ChargeSettled",),
        "statistics": ("OrderPlaced", "OrderPaid", "OrderReturned", "ParcelDelivered", "ReviewWritten"),
    }
)
"""Queue -> the event types that reach it from the topic; `pictures` and `sagas` are also sent to directly."""


def needs_of(table: Mapping[str, frozenset[str]], members: Iterable[str]) -> frozenset[str]:
    """Everything that a fleet running all *members* uses."""
    return ALWAYS.union(*(table[member] for member in members))
