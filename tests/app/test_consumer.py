"""What a worker does with messages: each at least once, none lost, and the hopeless ones buried with their reason."""

import asyncio

import pytest

from app.data.outage import Unavailable
from app.messages import CustomerSignedUp
from app.queue.consumer import Consumer
from app.queue.work import PoisonError, Work
from tests.app.queues import Held
from tests.app.world import new_id
from tests.waiting import eventually

NEWER = '{"type":"CustomerSignedUp","version":2,"message_id":"1","customer_id":"2"}'


def signed_up():
    return CustomerSignedUp(message_id=new_id(), customer_id=new_id())


class Handler:
    """Notes what it is given, and does what the test says."""

    def __init__(self, does=None):
        self.seen = []
        self.changed = asyncio.Event()
        self._does = does

    async def given(self, count):
        while len(self.seen) < count:
            await self.changed.wait()
            self.changed.clear()

    async def __call__(self, message):
        self.seen.append(message)
        self.changed.set()
        if self._does:
            await self._does(message)


def consume(held, handler, until, limit_s=60.0):
    """Run a consumer until the condition holds, which is asked after each change; then let it finish."""

    async def run():
        stopping = False
        work = Work(handle=handler)
        consumer = Consumer("mail", held.queue(), work, limit_s, lambda: stopping)
        running = asyncio.create_task(consumer.run())
        async with asyncio.timeout(60):
            while not until(handler):
                await asyncio.wait([asyncio.create_task(handler.changed.wait()), running], timeout=0.2)
                handler.changed.clear()
        stopping = True
        await running

    held.world.run(run())


async def poison(_):
    raise PoisonError("nobody can draw a picture of this")


async def outage(_):
    raise Unavailable("database", "OSError")


async def mistake(_):
    raise KeyError("what a customer wrote")


async def dawdle(_):
    await asyncio.sleep(3600)


def test_every_message_is_handled_and_gone(world):
    held, sent = Held.made(world), [signed_up() for _ in range(23)]
    held.send(*sent)
    handler = Handler()
    consume(held, handler, lambda each: len({given.message_id for given in each.seen}) == 23)
    assert ({each.message_id for each in handler.seen}, held.count()) == ({each.message_id for each in sent}, (0, 0))


def test_a_hopeless_message_is_buried_at_once_with_its_reason_and_what_it_had(world):
    held, message = Held.made(world), signed_up()
    held.send(message)
    handler = Handler(poison)
    consume(held, handler, lambda each: each.seen)
    [dead] = held.dead()
    assert (dead["reason"], dead["type"]) == ("nobody can draw a picture of this", "CustomerSignedUp")
    assert (message.message_id in dead["body"], held.count()) == (True, (0, 0))


def test_a_message_of_an_unknown_version_is_buried_unread(world):
    held = Held.made(world)
    held.send(NEWER, signed_up())
    handler = Handler()
    consume(held, handler, lambda each: each.seen and held.count() == (0, 0))
    assert [(each["body"], each["reason"]) for each in held.dead()] == [
        (NEWER, "CustomerSignedUp has version 2; known: 1")
    ]


def test_what_failed_is_kept_for_another_try_while_the_others_are_done(world):
    held, lost = Held.made(world), signed_up()
    held.send(lost, *(signed_up() for _ in range(9)))

    async def one_fails(message):
        if message.message_id == lost.message_id:
            await outage(message)

    handler = Handler(one_fails)
    consume(held, handler, lambda each: len(each.seen) >= 10)
    assert (held.count(), held.dead()) == ((0, 1), [])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (outage, "the store's database could not answer: OSError"),
        (mistake, "KeyError at test_consumer.py:"),
        (dawdle, "it took longer than a job of this kind may"),
    ],
)
def test_the_last_try_says_why_in_the_dead_letter_queue_and_never_what_a_customer_wrote(world, fault, reason):
    held = Held.made(world, tries=1)
    held.send(signed_up())
    consume(held, Handler(fault), lambda each: each.seen, limit_s=0.2)
    [dead] = held.dead()
    assert (dead["reason"].startswith(reason), "what a customer wrote" in str(dead), held.count()) == (
        True,
        False,
        (0, 0),
    )


def test_a_message_that_was_moved_back_has_another_chance(world):
    held = Held.made(world)
    held.send(NEWER)
    consume(held, Handler(), lambda _: held.count() == (0, 0))
    sqs = world.account.client("sqs")
    [found] = sqs.receive_message(QueueUrl=held.grave, MessageAttributeNames=["All"])["Messages"]
    sqs.send_message(QueueUrl=held.url, MessageBody=found["Body"], MessageAttributes=found["MessageAttributes"])
    consume(held, Handler(), lambda _: held.count() == (0, 0))
    assert [set(each) for each in held.dead()] == [{"body", "type", "reason"}]


def test_a_long_job_keeps_its_message_from_others_for_as_long_as_it_runs(world):
    held = Held.made(world, visibility_s=1)
    held.send(signed_up())
    queue, done, renewals = held.queue(), asyncio.Event(), []

    async def until_renewed(_):
        await done.wait()

    async def renewed(seconds):
        renewals.extend(seconds.values())
        if len(renewals) == 4:
            done.set()
        await type(queue).hide(queue, seconds)

    queue.hide = renewed
    held.queue = lambda: queue
    consume(held, Handler(until_renewed), lambda _: done.is_set())
    assert (renewals, held.count()) == ([1, 1, 1, 1], (0, 0))


def test_a_process_that_is_to_stop_finishes_what_it_has_and_takes_no_more(world):
    held, go, halfway = Held.made(world), asyncio.Event(), []
    held.send(*(signed_up() for _ in range(6)))

    async def wait(_):
        await go.wait()

    async def run():
        stopping = False
        handler = Handler(wait)
        consumer = Consumer("mail", held.queue(), Work(handle=handler, at_once=2), 60, lambda: stopping)
        running = asyncio.create_task(consumer.run())
        await handler.given(4)
        halfway.append(held.count())
        stopping = True
        go.set()
        await running

    world.run(asyncio.wait_for(run(), 60))
    assert (halfway, held.count()) == ([(2, 4)], (2, 0))


def test_who_is_ended_in_the_middle_gives_back_what_is_unfinished_at_once(world):
    held = Held.made(world)
    held.send(*(signed_up() for _ in range(4)))

    async def run():
        handler = Handler(dawdle)
        consumer = Consumer("mail", held.queue(), Work(handle=handler, at_once=2), 60, lambda: False)
        running = asyncio.create_task(consumer.run())
        await handler.given(4)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    world.run(asyncio.wait_for(run(), 60))
    assert eventually(held.count, (4, 0)) == (4, 0)


def test_what_is_handed_out_while_stopping_is_given_back_unhandled(world):
    held, handler = Held.made(world), Handler()
    asked = iter([False, False])
    held.send(signed_up())
    consumer = Consumer("mail", held.queue(), Work(handle=handler), 60, lambda: next(asked, True))
    world.run(consumer.run())
    assert (handler.seen, held.count()) == ([], (1, 0))
