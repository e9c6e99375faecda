"""Rules of queues."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, UnknownValueError

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
REDRIVE_ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
CREATE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"
DEAD_LETTERS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
KEPT = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html"
POLICY = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html"
RETENTION_DEFAULT = 345_600
"""Seconds that SQS keeps a message when the queue does not say: four days."""


@resource_rule(QUEUE, source=CREATE, fix="write it as allowed, or leave it out: Pulumi makes one")
def queue_name(queue: Resource) -> Iterator[Fault]:
    """A queue's name has at most 80 letters, digits, hyphens and underscores, the .fifo of a FIFO queue among them."""
    allowed = "1 to 80 of A-Z, a-z, 0-9, - and _, with .fifo at the end of a FIFO queue's"
    yield from queue.matching("name", r"[A-Za-z0-9_-]{1,80}|(?=.{6,80}$)[A-Za-z0-9_-]+\.fifo", allowed)


@resource_rule(QUEUE, source=CREATE, fix="end the name in .fifo exactly when fifo_queue is true")
def queue_fifo_suffix(queue: Resource) -> Iterator[Fault]:
    """SQS refuses a FIFO queue whose name does not end in .fifo, and a standard queue whose name does."""
    name, fifo = queue.text("name"), queue.flag("fifoQueue")
    if name and name.endswith(".fifo") is not fifo:
        yield queue.fault("name", "a name with .fifo at its end" if fifo else "a name without .fifo at its end")


@resource_rule(QUEUE, source=CREATE, fix="set fifo_queue=True, or leave the property out")
def queue_fifo_only(queue: Resource) -> Iterator[Fault]:
    """What belongs to FIFO queues alone is refused on a standard one."""
    given = [
        name for name in ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit") if name in queue
    ]
    for name in given:
        if not queue.flag("fifoQueue") and queue.get(name) is not False:
            yield queue.fault(name, "not set on a standard queue")


@resource_rule(QUEUE, source=CREATE, fix="set visibility_timeout_seconds within the range")
def queue_visibility_timeout(queue: Resource) -> Iterator[Fault]:
    """SQS hides a received message for at most 12 hours, and refuses a queue that asks for more."""
    yield from queue.between("visibilityTimeoutSeconds", 0, 43_200)


@resource_rule(QUEUE, source=CREATE, fix="set delay_seconds within the range")
def queue_delay(queue: Resource) -> Iterator[Fault]:
    """SQS delays a message for at most 15 minutes."""
    yield from queue.between("delaySeconds", 0, 900)


@resource_rule(QUEUE, source=CREATE, fix="set message_retention_seconds within the range")
def queue_retention(queue: Resource) -> Iterator[Fault]:
    """SQS keeps a message from one minute to 14 days."""
    yield from queue.between("messageRetentionSeconds", 60, 1_209_600)


@resource_rule(QUEUE, source=CREATE, fix="set receive_wait_time_seconds within the range; 20 is the cheapest")
def queue_wait_time(queue: Resource) -> Iterator[Fault]:
    """A receive call waits for a message for at most 20 seconds."""
    yield from queue.between("receiveWaitTimeSeconds", 0, 20)


@resource_rule(QUEUE, source=CREATE, fix="set max_message_size within the range")
def queue_message_size(queue: Resource) -> Iterator[Fault]:
    """A message has at most 1 MiB, and SQS refuses a limit below 1 KiB."""
    yield from queue.between("maxMessageSize", 1_024, 1_048_576)


@resource_rule(QUEUE, REDRIVE, source=DEAD_LETTERS, fix='write it as a whole number: {"maxReceiveCount": 5}')
def queue_receive_count(queue: Resource) -> Iterator[Fault]:
    """The maxReceiveCount is a whole number from 1 to 1000; SQS refuses 5.0, which is how JSON spells a float."""
    redrive = queue.document("redrivePolicy")
    count = redrive.get("maxReceiveCount")
    if redrive and not _whole(count, 1, 1000):
        yield queue.fault("redrivePolicy.maxReceiveCount", "a whole number from 1 to 1000", got=count)


@stack_rule(
    QUEUE, source=DEAD_LETTERS, fix="send dead letters of a FIFO queue to a FIFO queue, all others to a standard one"
)
def queue_dead_letters_same_kind(queue: Resource, stack: Stack) -> Iterator[Fault]:
    """The dead-letter queue of a FIFO queue must be FIFO, that of a standard queue standard."""
    dead = dead_letter_queue(queue, stack)
    if dead is not None and dead.flag("fifoQueue") is not queue.flag("fifoQueue"):
        kind = "FIFO" if queue.flag("fifoQueue") else "standard"
        yield queue.fault("redrivePolicy", f"a {kind} queue", got=dead.name)


@stack_rule(QUEUE, source=KEPT, fix="set message_retention_seconds of the dead-letter queue to 1209600")
def queue_dead_letters_outlive(queue: Resource, stack: Stack) -> Iterator[Fault]:
    """A message keeps its age when it moves: where a dead-letter queue keeps shorter than its source, it gets lost."""
    dead = dead_letter_queue(queue, stack)
    if dead is None or queue.flag("fifoQueue"):  # SQS counts anew for what moves into a FIFO dead-letter queue
        return
    kept = queue.number("messageRetentionSeconds") or RETENTION_DEFAULT
    dead_kept = dead.number("messageRetentionSeconds") or RETENTION_DEFAULT
    if dead_kept < kept:
        yield queue.fault("redrivePolicy", f"a queue that keeps {kept} s or more", got=f"{dead.name}: {dead_kept} s")


@stack_rule(QUEUE, source=DEAD_LETTERS, fix="give it a redrive_policy", severity=Severity.ADVISORY)
def queue_has_dead_letters(queue: Resource, stack: Stack) -> Iterator[Fault]:
    """Without a dead-letter queue, one message that cannot be worked off is tried again until it is too old."""
    if "redrivePolicy" in queue or stack.referring(REDRIVE, "queueUrl", queue) or is_for_dead_letters(queue, stack):
        return
    yield queue.fault("redrivePolicy", "a dead-letter queue")


@stack_rule(QUEUE_POLICY, source=POLICY, fix="write all statements into one QueuePolicy")
def queue_policy_alone(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A queue has one policy: of two resources that set it the last one takes the other's permissions away."""
    queue = stack.one(policy, "queueUrl", QUEUE)
    if queue is None:
        return
    others = [each.name for each in stack.referring(QUEUE_POLICY, "queueUrl", queue) if each is not policy]
    if others or "policy" in queue:
        yield policy.fault("queueUrl", "one policy a queue", got=[policy.name, *others])


def _whole(count: object, low: int, high: int) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and low <= count <= high


def dead_letter_queue(queue: Resource, stack: Stack) -> Resource | None:
    """The queue that takes what *queue* could not work off; None when there is none in this program."""
    target = queue.document("redrivePolicy").get("deadLetterTargetArn")
    if isinstance(target, str):
        return stack.named(QUEUE, target)
    return stack.one(queue, "redrivePolicy", QUEUE)


def is_for_dead_letters(queue: Resource, stack: Stack) -> bool:
    """Whether another queue, or a subscription, sends its dead letters to *queue*."""
    return queue.urn in stack.derived(_taking_dead_letters)


def _taking_dead_letters(stack: Stack) -> set[str]:
    return {found.urn for each in stack.of(QUEUE, REDRIVE, SUBSCRIPTION) for found in _dead(each, stack)}


def _dead(source: Resource, stack: Stack) -> list[Resource]:
    try:
        found = dead_letter_queue(source, stack)
    except UnknownValueError:
        return stack.referred(source, "redrivePolicy", QUEUE)
    return [found] if found else []
