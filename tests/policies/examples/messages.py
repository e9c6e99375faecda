"""Messages: queues, topics and the policies between them, events and the functions that they start."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.static_sites import private

QUEUE = "https://www.pulumi.com/registry/packages/aws/api-docs/sqs/queue/"
TOPIC = "https://www.pulumi.com/registry/packages/aws/api-docs/sns/topic/"
SUBSCRIPTION = "https://www.pulumi.com/registry/packages/aws/api-docs/sns/topicsubscription/"


def dead_letters(logical_name="dead", **more):
    """A queue in which messages wait for somebody to look at them."""
    return aws.sqs.Queue(logical_name, message_retention_seconds=1209600, **more)


def queue(logical_name="work", dead=None, **more):
    """A queue with dead letters."""
    dead = dead or dead_letters(f"{logical_name}-dead")
    redrive = pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 4})
    return aws.sqs.Queue(logical_name, redrive_policy=redrive, **more)


def allowed(service, action, target, source):
    """A policy that lets a service use one thing on behalf of one other."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": target.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source.arn}},
    }]})  # fmt: skip


def role(name, service, *attached):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Sid": "", "Principal": {"Service": service}}
    ]})  # fmt: skip
    made = aws.iam.Role(name, assume_role_policy=trust)
    for number, policy in enumerate(attached):
        aws.iam.RolePolicyAttachment(f"{name}-{number}", role=made.name,
                                     policy_arn=f"arn:aws:iam::aws:policy/service-role/{policy}")  # fmt: skip
    return made


def function(name="process", **more):
    code = pulumi.AssetArchive({"index.mjs": pulumi.StringAsset("export const handler = async () => 'done'")})
    given = {"role": role(name, "lambda.amazonaws.com", "AWSLambdaSQSQueueExecutionRole").arn,
             "runtime": "nodejs22.x", "handler": "index.handler", "code": code, **more}  # fmt: skip
    return aws.lambda_.Function(name, **given)


@example(QUEUE)
def queue_with_dead_letters():
    work = queue(name="terraform-example-queue", delay_seconds=90, max_message_size=2048, receive_wait_time_seconds=10,
                 message_retention_seconds=86400)  # fmt: skip
    pulumi.export("url", work.url)


@example("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html")
def queues_at_their_limits():
    dead = dead_letters()
    queue("least", dead, visibility_timeout_seconds=0, delay_seconds=0, max_message_size=1024,
          message_retention_seconds=60, receive_wait_time_seconds=0)  # fmt: skip
    queue("most", dead, visibility_timeout_seconds=43200, delay_seconds=900, max_message_size=1048576,
          message_retention_seconds=1209600, receive_wait_time_seconds=20)  # fmt: skip
    redrive = pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1000})
    aws.sqs.Queue("patient", name="a" * 80, redrive_policy=redrive)


@example(QUEUE)
def fifo_queue_of_high_throughput():
    dead = dead_letters("dead", name="dead.fifo", fifo_queue=True)
    queue("orders", dead, name="orders.fifo", fifo_queue=True, content_based_deduplication=True,
          deduplication_scope="messageGroup", fifo_throughput_limit="perMessageGroupId")  # fmt: skip


@example(
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sse-existing-queue.html"
)
def queues_that_are_encrypted():
    dead = dead_letters()
    queue("sqs", dead, sqs_managed_sse_enabled=True)
    queue("kms", dead, kms_master_key_id="alias/aws/sqs", kms_data_key_reuse_period_seconds=300)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/sqs/redriveallowpolicy/")
def dead_letters_of_one_queue():
    dead = dead_letters()
    source = queue("source", dead)
    aws.sqs.RedriveAllowPolicy("allow", queue_url=dead.id, redrive_allow_policy=pulumi.Output.json_dumps(
        {"redrivePermission": "byQueue", "sourceQueueArns": [source.arn]}))  # fmt: skip


@example(
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html"
)
def queue_for_another_account():
    work = queue()
    policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Id": "Queue1_Policy_UUID", "Statement": [{
        "Sid": "Queue1_Send", "Effect": "Allow", "Principal": {"AWS": ["111122223333", "444455556666"]},
        "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": work.arn,
    }]})  # fmt: skip
    aws.sqs.QueuePolicy("work", queue_url=work.id, policy=policy)


@example(TOPIC)
def topic_with_a_delivery_policy():
    retries = {"minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0,
               "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear"}  # fmt: skip
    policy = {"http": {"defaultHealthyRetryPolicy": retries, "disableSubscriptionOverrides": False}}
    aws.sns.Topic("user_updates", name="user-updates-topic", kms_master_key_id="alias/aws/sns",
                  delivery_policy=json.dumps(policy))  # fmt: skip


@example("https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html")
def topic_to_queue():
    topic, work, lost = aws.sns.Topic("updates"), queue("work"), dead_letters("lost")
    for name, target in (("work", work), ("lost", lost)):
        aws.sqs.QueuePolicy(name, queue_url=target.id,
                            policy=allowed("sns.amazonaws.com", "sqs:SendMessage", target, topic))  # fmt: skip
    aws.sns.TopicSubscription("work", topic=topic.arn, protocol="sqs", endpoint=work.arn, raw_message_delivery=True,
                              redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": lost.arn}))  # fmt: skip


@example("https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html", *["subscription-has-dead-letters"] * 3)
def fan_out_with_filters():
    topic = aws.sns.Topic("orders")
    for kind in ("billing", "shipping", "archive"):
        work = queue(kind)
        aws.sqs.QueuePolicy(kind, queue_url=work.id,
                            policy=allowed("sns.amazonaws.com", "sqs:SendMessage", work, topic))  # fmt: skip
        aws.sns.TopicSubscription(kind, topic=topic.arn, protocol="sqs", endpoint=work.arn,
                                  filter_policy_scope="MessageBody",
                                  filter_policy=json.dumps({"kind": [kind], "price": [{"numeric": [">=",
                                  100]}]}))  # fmt: skip


@example(SUBSCRIPTION)
def subscriptions_of_every_kind():
    topic = aws.sns.Topic("alarms")
    process = function()
    aws.lambda_.Permission("topic", action="lambda:InvokeFunction", function=process.name,
                           principal="sns.amazonaws.com", source_arn=topic.arn)  # fmt: skip
    endpoints = {"email": "ops@example.com", "https": "https://example.com/hook", "sms": "+12065550100",
                 "lambda": process.arn}  # fmt: skip
    for protocol, endpoint in endpoints.items():
        aws.sns.TopicSubscription(protocol, topic=topic.arn, protocol=protocol, endpoint=endpoint)


@example("https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html")
def topic_for_the_accounts_own():
    topic = aws.sns.Topic("own", name="a" * 256)
    actions = ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
               "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"]  # fmt: skip
    aws.sns.TopicPolicy("own", arn=topic.arn, policy=pulumi.Output.json_dumps({
        "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [{
            "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": actions,
            "Resource": topic.arn, "Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}},
        }]}))  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html")
def bucket_that_tells_a_queue_and_a_topic():
    bucket, work, topic = aws.s3.Bucket("uploads"), queue("uploads"), aws.sns.Topic("uploads")
    private("uploads", bucket)
    to_queue = aws.sqs.QueuePolicy("uploads", queue_url=work.id,
                                   policy=allowed("s3.amazonaws.com", "sqs:SendMessage", work, bucket))  # fmt: skip
    to_topic = aws.sns.TopicPolicy("uploads", arn=topic.arn,
                                   policy=allowed("s3.amazonaws.com", "sns:Publish", topic, bucket))  # fmt: skip
    aws.s3.BucketNotification(
        "uploads",
        bucket=bucket.id,
        queues=[{"queue_arn": work.arn, "events": ["s3:ObjectCreated:*"], "filter_suffix": ".jpg"}],
        topics=[{"topic_arn": topic.arn, "events": ["s3:ObjectRemoved:*"]}],
        opts=pulumi.ResourceOptions(depends_on=[to_queue, to_topic]),
    )


@example("https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html")
def queue_that_starts_a_function():
    work = queue(visibility_timeout_seconds=360)
    process = function(timeout=60)
    aws.lambda_.EventSourceMapping("work", event_source_arn=work.arn, function_name=process.arn, batch_size=10,
                                   function_response_types=["ReportBatchItemFailures"],
                                   scaling_config={"maximum_concurrency": 2})  # fmt: skip


@example("https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html")
def functions_at_their_limits():
    function("least", memory_size=128, timeout=1, ephemeral_storage={"size": 512})
    function("most", memory_size=10240, timeout=900, ephemeral_storage={"size": 10240}, architectures=["arm64"])
