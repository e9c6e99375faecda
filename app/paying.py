"""The payments service of one process, put together: its routes, and what goes on behind them."""

from app.contract import SERVICES, Contract
from app.http.dependencies import Routes
from app.services.payments.callbacks import SandboxCallbacks
from app.services.payments.charges import PostgresCharges
from app.services.payments.charging import Charging, Errander
from app.services.payments.errands import PostgresErrands
from app.services.payments.internal import internal_payments_router
from app.services.payments.notices import NoticeGate
from app.services.payments.routes import NOTICES, payments_routes
from app.services.payments.sandbox import CARDS, SandboxGateway
from app.stores import Stores


def payments_routers(stores: Stores) -> list[Routes]:
    """What customers and the gateway ask of payments, and what other services do."""
    charges, gateway = PostgresCharges(stores.database), _gateway(stores)
    inside = internal_payments_router(charges, Charging(charges, gateway), stores.gate)
    return [*payments_routes(charges, NoticeGate(stores.gateway_key)), inside]


def payments_works(contract: Contract, stores: Stores) -> list[Errander | SandboxCallbacks]:
    """What the gateway is owed, and the sandbox gateway's own late answers, which come in by the store's front door."""
    charges, gateway = PostgresCharges(stores.database), _gateway(stores)
    url = f"{contract.public_url}{SERVICES['payments']}{NOTICES}"
    errander = Errander(charges, PostgresErrands(stores.database), gateway)
    return [errander, SandboxCallbacks(stores.database, stores.gateway_key, url)]


def _gateway(stores: Stores) -> SandboxGateway:
    """Without a gateway no token is one that it gave out; what was taken before goes back all the same."""
    return SandboxGateway(stores.database, CARDS if stores.takes_payments else {})
