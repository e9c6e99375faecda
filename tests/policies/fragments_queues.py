"""Fragments about queues."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps


def dead_letters(queue, count: float = 5):
    return queue.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": count}))


@breaks(
    "queue-name",
    "aws:sqs/queue:Queue 'q': name is \"orders.new\"; allowed: 1 to 80 of A-Z, a-z, 0-9, - and _, with .fifo at the end"
    " of a FIFO queue's.",
)
def dot_in_the_name():
    aws.sqs.Queue("q", name="orders.new")


@breaks(
    "queue-name",
    "aws:sqs/queue:Queue 'q': name is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.fi... (83 '
    "characters); allowed: 1 to 80 of A-Z, a-z, 0-9, - and _, with .fifo at the end of a FIFO queue's.",
)
def fifo_name_of_81():
    aws.sqs.Queue("q", name="a" * 76 + ".fifo", fifo_queue=True)


@keeps("queue-name")
def fifo_name_of_80():
    aws.sqs.Queue("q", name="a" * 75 + ".fifo", fifo_queue=True)


@keeps("queue-name")
def name_of_80():
    aws.sqs.Queue("q", name="a" * 80)


@breaks(
    "queue-fifo-suffix",
    "aws:sqs/queue:Queue 'q': name is \"orders\"; allowed: a name with .fifo at its end.",
)
def fifo_without_suffix():
    aws.sqs.Queue("q", name="orders", fifo_queue=True)


@breaks(
    "queue-fifo-suffix",
    "aws:sqs/queue:Queue 'q': name is \"orders.fifo\"; allowed: a name without .fifo at its end.",
)
def suffix_without_fifo():
    aws.sqs.Queue("q", name="orders.fifo")


@breaks(
    "queue-fifo-only",
    "aws:sqs/queue:Queue 'q': contentBasedDeduplication is true; allowed: not set on a standard queue.",
)
def deduplication_on_a_standard_queue():
    aws.sqs.Queue("q", content_based_deduplication=True)


@keeps("queue-fifo-only")
def deduplication_on_a_fifo_queue():
    aws.sqs.Queue("q", fifo_queue=True, content_based_deduplication=True)


@breaks(
    "queue-visibility-timeout",
    "aws:sqs/queue:Queue 'q': visibilityTimeoutSeconds is 43201; allowed: 0 to 43200.",
)
def hidden_too_long():
    aws.sqs.Queue("q", visibility_timeout_seconds=43201)


@keeps("queue-visibility-timeout")
def hidden_for_twelve_hours():
    aws.sqs.Queue("q", visibility_timeout_seconds=43200)


@breaks(
    "queue-delay",
    "aws:sqs/queue:Queue 'q': delaySeconds is 901; allowed: 0 to 900.",
)
def delayed_too_long():
    aws.sqs.Queue("q", delay_seconds=901)


@keeps("queue-delay")
def delayed_for_15_minutes():
    aws.sqs.Queue("q", delay_seconds=900)


@breaks(
    "queue-retention",
    "aws:sqs/queue:Queue 'q': messageRetentionSeconds is 10; allowed: 60 to 1209600.",
)
def kept_too_short():
    aws.sqs.Queue("q", message_retention_seconds=10)


@keeps("queue-retention")
def kept_for_a_minute():
    aws.sqs.Queue("q", message_retention_seconds=60)


@keeps("queue-retention")
def kept_for_14_days():
    aws.sqs.Queue("q", message_retention_seconds=1_209_600)


@breaks(
    "queue-wait-time",
    "aws:sqs/queue:Queue 'q': receiveWaitTimeSeconds is 21; allowed: 0 to 20.",
)
def waits_too_long():
    aws.sqs.Queue("q", receive_wait_time_seconds=21)


@keeps("queue-wait-time")
def waits_for_20_seconds():
    aws.sqs.Queue("q", receive_wait_time_seconds=20)


@breaks(
    "queue-message-size",
    "aws:sqs/queue:Queue 'q': maxMessageSize is 1048577; allowed: 1024 to 1048576.",
)
def message_over_a_mebibyte():
    aws.sqs.Queue("q", max_message_size=1_048_577)


@keeps("queue-message-size")
def message_of_a_mebibyte():
    aws.sqs.Queue("q", max_message_size=1_048_576)


@breaks(
    "queue-receive-count",
    "aws:sqs/queue:Queue 'q': redrivePolicy.maxReceiveCount is 5.0; allowed: a whole number from 1 to 1000.",
)
def a_float_for_a_count():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600)
    aws.sqs.Queue("q", redrive_policy=dead_letters(dead, 5.0))


@breaks(
    "queue-receive-count",
    "aws:sqs/queue:Queue 'q': redrivePolicy.maxReceiveCount is 0; allowed: a whole number from 1 to 1000.",
)
def never_received():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600)
    aws.sqs.Queue("q", redrive_policy=dead_letters(dead, 0))


@keeps("queue-receive-count")
def received_once():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600)
    aws.sqs.Queue("q", redrive_policy=dead_letters(dead, 1))


@breaks(
    "queue-dead-letters-same-kind",
    "aws:sqs/queue:Queue 'q': redrivePolicy is \"dead\"; allowed: a FIFO queue.",
)
def standard_dead_letters_of_a_fifo_queue():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600)
    aws.sqs.Queue("q", fifo_queue=True, redrive_policy=dead_letters(dead))


@keeps("queue-dead-letters-same-kind")
def fifo_dead_letters_of_a_fifo_queue():
    dead = aws.sqs.Queue("dead", fifo_queue=True, message_retention_seconds=1_209_600)
    aws.sqs.Queue("q", fifo_queue=True, redrive_policy=dead_letters(dead))


@breaks(
    "queue-dead-letters-outlive",
    "aws:sqs/queue:Queue 'q': redrivePolicy is \"dead: 345600 s\"; allowed: a queue that keeps 345601 s or more.",
)
def dead_letters_kept_a_second_shorter():
    dead = aws.sqs.Queue("dead")
    aws.sqs.Queue("q", message_retention_seconds=345_601, redrive_policy=dead_letters(dead))


@keeps("queue-dead-letters-outlive")
def dead_letters_kept_as_long():
    dead = aws.sqs.Queue("dead")
    aws.sqs.Queue("q", redrive_policy=dead_letters(dead))


@keeps("queue-dead-letters-outlive")
def dead_letters_of_a_fifo_queue_which_counts_anew():
    dead = aws.sqs.Queue("dead", fifo_queue=True, message_retention_seconds=60)
    aws.sqs.Queue("q", fifo_queue=True, redrive_policy=dead_letters(dead))


@breaks(
    "queue-has-dead-letters",
    "aws:sqs/queue:Queue 'q': redrivePolicy is not set; allowed: a dead-letter queue.",
)
def no_dead_letters():
    aws.sqs.Queue("q")


@keeps("queue-has-dead-letters")
def dead_letters_by_a_resource_of_their_own():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600)
    queue = aws.sqs.Queue("q")
    aws.sqs.RedrivePolicy("q", queue_url=queue.id, redrive_policy=dead_letters(dead))


@breaks(
    "queue-policy-alone",
    'aws:sqs/queuePolicy:QueuePolicy \'a\': queueUrl is ["a", "b"]; allowed: one policy a queue.',
    'aws:sqs/queuePolicy:QueuePolicy \'b\': queueUrl is ["b", "a"]; allowed: one policy a queue.',
)
def two_policies():
    queue = aws.sqs.Queue("q")
    aws.sqs.QueuePolicy("a", queue_url=queue.id, policy="{}")
    aws.sqs.QueuePolicy("b", queue_url=queue.id, policy="{}")
