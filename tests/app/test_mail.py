"""Letters and invoices: one letter for each message, however often it comes, and none that a customer could forge."""

import email
import email.policy

import pytest

from app.messages import CustomerSignedUp, ItemViewed, OrderLine, OrderPaid, RefundIssued
from app.queue.work import PoisonError
from app.services.accounts.domain import Customer
from app.services.accounts.repository import PostgresCustomers
from app.work.invoices import amount, invoice
from app.work.mail import Mail, ObjectMailbox
from tests.app.processes import running
from tests.app.world import new_id
from tests.waiting import eventually

LINES = (
    OrderLine(item_id="1", title="<script>Lamp</script>", quantity=2, price_cents=1250),
    OrderLine(item_id="2", title="Mug", quantity=1, price_cents=905),
)


@pytest.fixture(scope="module")
def worker(world):
    with running("worker", "--queues", "mail", **world.environment) as app:
        yield app


def mail_of(stores):
    return Mail(PostgresCustomers(stores.database), stores.documents, ObjectMailbox(stores.documents))


@pytest.fixture(scope="module")
def mail(world):
    return mail_of(world.stores)


@pytest.fixture
def fresh_mail(world):
    """Whose process has met no replica that it would pass over for a while."""
    stores = world.stores_with()
    world.run(stores.migrations.apply())
    yield mail_of(stores)
    world.run(stores.close())


@pytest.fixture
def customer(world):
    return known(world, "Ann Böhm", f"{new_id()}@example.org")


def known(world, name, address):
    """A customer who has signed up."""
    found = Customer(new_id(), address, name)
    world.run(PostgresCustomers(world.stores.database).add(found, "hash"))
    return found


def paid(customer):
    return OrderPaid(message_id=new_id(), order_id=new_id(), customer_id=customer.customer_id, lines=LINES)


def documents(world):
    """Every document by its key."""
    s3, bucket = world.account.client("s3"), world.environment["BIGPICTURE_DOCUMENTS_BUCKET"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def letter(world, message):
    """The letter that a message made."""
    found = documents(world)[f"outbox/{message.message_id}.eml"]
    return email.message_from_bytes(found, policy=email.policy.default)


def test_who_has_paid_is_written_once_with_the_invoice_however_often_it_is_said(world, worker, customer):
    message, before = paid(customer), set(documents(world))
    world.queues["mail"].send(message, message)
    keys = {f"outbox/{message.message_id}.eml", f"invoices/{message.order_id}.html"}
    assert eventually(lambda: (set(documents(world)) - before, world.queues["mail"].count()), (keys, (0, 0)))[0] == keys
    written = letter(world, message)
    assert (written["To"], written["Subject"]) == (f"Ann Böhm <{customer.email}>", "Your invoice")
    [attached] = written.iter_attachments()
    kept = documents(world)[f"invoices/{message.order_id}.html"].decode()
    assert attached.get_content().splitlines() == kept.splitlines()


def test_a_new_customer_of_whom_no_replica_has_heard_is_written_to(world, fresh_mail, lagging):
    customer = known(world, "Ann", f"{new_id()}@example.org")
    message = CustomerSignedUp(message_id=new_id(), customer_id=customer.customer_id)
    world.run(fresh_mail.handle(message))
    assert letter(world, message)["To"] == f"Ann <{customer.email}>"


def test_the_first_letter_of_a_message_stays(world, mail, customer):
    message = CustomerSignedUp(message_id=new_id(), customer_id=customer.customer_id)
    world.run(mail.handle(message))
    world.run(PostgresCustomers(world.stores.database).rename(customer.customer_id, "Somebody else"))
    first = documents(world)
    world.run(mail.handle(message))
    assert documents(world) == first


def test_who_signs_up_is_welcomed(world, store, worker):
    message = CustomerSignedUp(
        message_id=new_id(), customer_id=known(world, "Bo", f"{new_id()}@example.org").customer_id
    )
    world.queues["mail"].send(message)
    eventually(lambda: f"outbox/{message.message_id}.eml" in documents(world), wanted=True)
    assert letter(world, message).get_content().split("\r\n") == ["Dear Bo,", "", "Your account is ready.", ""]


@pytest.mark.parametrize("name", ['"; drop', "Ann <evil@example.org>", "a@b", "Ann, evil@example.org"])
def test_a_customers_name_adds_no_recipient(world, mail, name):
    customer = known(world, name, f"{new_id()}@example.org")
    message = CustomerSignedUp(message_id=new_id(), customer_id=customer.customer_id)
    world.run(mail.handle(message))
    [to] = letter(world, message)["To"].addresses
    assert (to.addr_spec, to.display_name) == (customer.email, name)


@pytest.mark.parametrize("address", ["a,b@example.org", "a b@example.org", "<a@example.org", "a@example.org>"])
def test_an_address_that_is_several_or_none_is_not_written_to(world, mail, address):
    customer = known(world, "Ann", address.replace("a", f"a{new_id()}", 1))
    with pytest.raises(PoisonError, match="cannot be written to"):
        world.run(mail.handle(CustomerSignedUp(message_id=new_id(), customer_id=customer.customer_id)))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (ItemViewed(message_id=new_id(), item_id="1"), "ItemViewed is not for the queue of mail"),
        (CustomerSignedUp(message_id=new_id(), customer_id=new_id()), "there is no such customer"),
        (CustomerSignedUp(message_id="../x", customer_id=new_id()), "not named by a UUID"),
        (
            RefundIssued(message_id=new_id(), order_id="../x", customer_id=new_id(), amount_cents=1),
            "not named by a UUID",
        ),
    ],
)
def test_a_message_that_nobody_can_be_written_of_is_poison(world, mail, message, reason):
    with pytest.raises(PoisonError, match=reason):
        world.run(mail.handle(message))


def test_an_invoice_adds_up_and_shows_titles_as_they_are():
    page = invoice("o-1", "Ann & Bo", LINES)
    assert ("34.05" in page, "<script>" in page, "&lt;script&gt;Lamp" in page, "Ann &amp; Bo" in page) == (
        True,
        False,
        True,
        True,
    )


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (12345, "123.45"), (100_000_000, "1000000.00")])
def test_an_amount_is_written_with_two_digits_of_cents(cents, text):
    assert amount(cents) == text
