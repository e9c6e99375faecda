"""What carries orders on, put together alike for who serves customers and for who works behind them."""

from app.services.orders.called import CalledPayments, CalledStock
from app.services.orders.records import ShardedOrders
from app.services.orders.settling import Settling
from app.stores import Stores


def settling(stores: Stores) -> Settling:
    """Orders on their shards; stock and payments by signed calls."""
    payments = CalledPayments(stores.calls)
    return Settling(ShardedOrders(stores.customers), CalledStock(stores.calls), payments, sells=stores.takes_payments)
