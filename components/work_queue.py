"""Build a work queue: an SQS queue whose jobs are tried a few times and then kept aside, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.alarm import Alarm, make_alarm
from components.parts.dead_letters import DAY_S, RETENTION_DAYS, make_dead_letter_queue
from components.parts.queue_policy import make_queue_policy
from components.parts.refusal import refuse
from components.policy import allow, document

TOKEN = aws.sqs.Queue
LONGEST_VISIBILITY_S = 43_200
LONG_POLL_S = 20
"""SQS's longest wait: an idle consumer asks 3 times a minute, and every shard of the queue is looked into."""
CONSUME = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def visibility_s(max_job_s: int) -> int:
    """Seconds for which a job taken by one consumer is hidden from the others: 2 x *max_job_s*, at least 30.

    A job that takes all its time then has as much again for the fetch, the deletion and the SDK's retries of both.
    A consumer that takes n jobs at once and does them in turn needs n times as much. (6 times is Lambda's rule only.)
    """
    return max(30, 2 * max_job_s)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkQueueArgs:
    """What a job is allowed to cost before it counts as poison. A queue costs requests only, 0.40 USD a million."""

    max_job_s: int
    """The longest that one job may take, in seconds, 1..21600: half of SQS's longest visibility timeout."""
    max_tries: int = 5
    """How often a job is handed out before it is a dead letter, 1..1000. Under 3, one crashed worker can kill jobs."""
    retention_days: int = 4
    """Days that a job may wait, 1..13: less than the 14 of the dead-letter queue, where its age goes on counting."""
    alarm_age_s: int = 900
    """Age of the oldest waiting job, in seconds, that raises the alarm: nobody works, or too few do."""
    topic_arns: Sequence[pulumi.Input[str]] = ()
    """SNS topics that may deliver here; a topic that is not named loses its messages in silence."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        most = {
            "max_job_s": LONGEST_VISIBILITY_S // 2,
            "max_tries": 1000,
            "retention_days": RETENTION_DAYS - 1,
            "alarm_age_s": RETENTION_DAYS * DAY_S,
        }
        refuse(self, {field: (1 <= getattr(self, field) <= high, f"1 to {high}") for field, high in most.items()})


class WorkQueue(pulumi.ComponentResource):
    """A queue of jobs, its dead-letter queue, their policies and their alarms."""

    arn: pulumi.Output[str]
    """Handed out once the policy stands that lets topics deliver."""
    url: pulumi.Output[str]
    name: pulumi.Output[str]
    dead_letter_arn: pulumi.Output[str]
    dead_letter_url: pulumi.Output[str]
    dead_letter_name: pulumi.Output[str]
    send_policy: pulumi.Output[str]
    """Lets a producer send jobs."""
    consume_policy: pulumi.Output[str]
    """Lets a worker take jobs, ask for more time, remove what is done, and put what is hopeless with the dead letters,
    where it then has a reason: SQS, which moves a message after its last try, gives none."""

    def __init__(self, name: str, args: WorkQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:messaging:WorkQueue", name, None, opts)
        dead = make_dead_letter_queue(self, name, args.alarm_topic_arn)
        queue = self._queue(name, args, dead)
        self._admit_redrive(name, dead, queue)
        make_queue_policy(self, f"{name}-dead-letters", dead)
        policy = make_queue_policy(self, name, queue, args.topic_arns)
        make_alarm(self, name, "age", _age(name, queue, args), args.alarm_topic_arn)
        self.arn = pulumi.Output.all(queue.arn, policy.id).apply(lambda both: both[0])
        self.url, self.name = queue.url, queue.name
        self.dead_letter_arn, self.dead_letter_url, self.dead_letter_name = dead.arn, dead.url, dead.name
        self.send_policy = document(allow(["sqs:SendMessage"], queue.arn))
        self.consume_policy = document(allow(CONSUME, queue.arn), allow(["sqs:SendMessage"], dead.arn))
        self.register_outputs({output: getattr(self, output) for output in WorkQueue.__annotations__})

    def _queue(self, name: str, args: WorkQueueArgs, dead: aws.sqs.Queue) -> aws.sqs.Queue:
        redrive = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": args.max_tries}
        return aws.sqs.Queue(
            names.logical(TOKEN, name),
            visibility_timeout_seconds=visibility_s(args.max_job_s),
            message_retention_seconds=args.retention_days * DAY_S,
            receive_wait_time_seconds=LONG_POLL_S,
            sqs_managed_sse_enabled=True,
            redrive_policy=pulumi.Output.json_dumps(redrive),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _admit_redrive(self, name: str, dead: aws.sqs.Queue, queue: aws.sqs.Queue) -> None:
        """Let this queue alone use the dead-letter queue. A resource of its own: inline the two queues form a cycle."""
        admitted = {"redrivePermission": "byQueue", "sourceQueueArns": [queue.arn]}
        aws.sqs.RedriveAllowPolicy(
            f"{name}-dead-letters",
            queue_url=dead.url,
            redrive_allow_policy=pulumi.Output.json_dumps(admitted),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _age(name: str, queue: aws.sqs.Queue, args: WorkQueueArgs) -> Alarm:
    return Alarm(
        namespace="AWS/SQS",
        metric="ApproximateAgeOfOldestMessage",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        threshold=args.alarm_age_s,
        description=f"A job of {name} waits for over {args.alarm_age_s} s: look at its workers' logs and their number.",
    )
