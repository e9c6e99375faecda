"""The worker process: alive whatever is out, and gone on SIGTERM when what it has is done."""

import signal

from app.contract import QUEUES
from app.messages import CustomerSignedUp, ParcelDelivered
from app.services.shipping.parcels import ShardedWebhooks
from tests.app.metadata import metadata
from tests.app.processes import running
from tests.app.receiver import receiver
from tests.app.world import new_id
from tests.waiting import eventually


def test_a_worker_is_alive_while_nothing_that_it_needs_answers():
    with running("worker", "--queues", ",".join(QUEUES)) as app:
        waiting = {app.read_log_until("queue waits")["queue"] for _ in range(len(QUEUES))}
        assert (app.ask("GET", "/health")[0].status, waiting <= set(QUEUES)) == (200, True)


def test_a_worker_serves_no_service():
    with running("worker", "--queues", ",".join(QUEUES)) as app:
        assert app.ask("GET", "/accounts")[0].status == 404


def test_sigterm_ends_a_worker_cleanly():
    with running("worker", "--queues", "mail") as app:
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(timeout=60) == 0


def test_sigterm_lets_a_worker_finish_the_message_that_it_has(world):
    held, customer = world.queues["shipping"], new_id()
    with receiver(204) as (url, heard, go), running("worker", "--queues", "shipping", **world.environment) as app:
        go.clear()
        world.run(ShardedWebhooks(world.stores.customers).set(customer, url))
        held.send(ParcelDelivered(message_id=new_id(), order_id=new_id(), customer_id=customer, parcel_id=new_id()))
        assert eventually(lambda: len(heard), 1) == 1
        app.process.send_signal(signal.SIGTERM)
        app.read_log_until("draining")
        go.set()
        assert (app.process.wait(timeout=60), len(heard), held.count()) == (0, 1, (0, 0))


def test_a_worker_that_was_scaled_in_takes_no_message_however_often_it_is_started(world):
    held = world.queues["mail"]
    held.send(CustomerSignedUp(message_id=new_id(), customer_id=new_id()))
    with metadata({"instance-id": "i-0123456789abcdef0", "autoscaling/target-lifecycle-state": "Terminated"}) as at:
        told = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": at, "AWS_EC2_METADATA_DISABLED": "false"}
        with running("worker", "--queues", "mail", **world.environment, **told) as app:
            app.process.send_signal(signal.SIGTERM)
            assert (app.process.wait(timeout=60), app.read_log_until("stopped")["event"]) == (0, "stopped")
            assert [line["event"] for line in app.log].count("scaled in") == 1
    assert held.count() == (1, 0)
