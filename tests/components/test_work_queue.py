"""The work queue: its dead-letter queue, its policies, who may do what with it, and when somebody is told."""

import json

import pytest

from components.work_queue import WorkQueue, WorkQueueArgs, visibility_s
from tests.deploying import deploy

TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
ALARMS = "arn:aws:sns:us-east-1:123456789012:alarms"
QUEUE = "aws:sqs/queue:Queue"
DAY_S = 86_400


def _program():
    WorkQueue("mail", WorkQueueArgs(max_job_s=20, topic_arns=[TOPIC], alarm_topic_arn=ALARMS))
    WorkQueue("sagas", WorkQueueArgs(max_job_s=45, max_tries=3, retention_days=13))


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program)


def component(deployed, name="mail"):
    return deployed.one("bigpicture:messaging:WorkQueue", name).outputs


def attributes(deployed, url):
    return deployed.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def queue(deployed, name="mail"):
    return attributes(deployed, component(deployed, name)["url"])


def dead(deployed, name="mail"):
    return attributes(deployed, component(deployed, name)["dead_letter_url"])


def test_every_queue_has_a_dead_letter_queue_of_its_own(deployed):
    targets = [json.loads(queue(deployed, name)["RedrivePolicy"])["deadLetterTargetArn"] for name in ("mail", "sagas")]
    assert targets == [dead(deployed, name)["QueueArn"] for name in ("mail", "sagas")]


def test_a_job_is_tried_a_whole_number_of_times(deployed):
    policies = [json.loads(deployed.one(QUEUE, name).inputs["redrivePolicy"]) for name in ("mail", "sagas")]
    tries = [policy["maxReceiveCount"] for policy in policies]
    assert [(type(each), each) for each in tries] == [(int, 5), (int, 3)]


def test_only_its_own_queue_may_use_a_dead_letter_queue(deployed):
    admitted = json.loads(dead(deployed)["RedriveAllowPolicy"])
    assert admitted == {"redrivePermission": "byQueue", "sourceQueueArns": [queue(deployed)["QueueArn"]]}


def test_a_job_that_fails_too_often_becomes_a_dead_letter(deployed):
    sqs, url = deployed.client("sqs"), component(deployed, "sagas")["url"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(3):
        [job] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)["Messages"]
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=job["ReceiptHandle"], VisibilityTimeout=0)
    sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)
    kept = sqs.receive_message(QueueUrl=component(deployed, "sagas")["dead_letter_url"])
    assert [letter["Body"] for letter in kept["Messages"]] == ["poison"]


def test_dead_letters_are_kept_as_long_as_sqs_can(deployed):
    assert dead(deployed)["MessageRetentionPeriod"] == str(14 * DAY_S)


@pytest.mark.parametrize(("name", "days"), [("mail", 4), ("sagas", 13)])
def test_jobs_wait_for_fewer_days_than_dead_letters(deployed, name, days):
    assert queue(deployed, name)["MessageRetentionPeriod"] == str(days * DAY_S)


@pytest.mark.parametrize("read", [queue, dead])
def test_both_queues_are_encrypted_with_a_key_that_sns_may_use(deployed, read):
    assert read(deployed)["SqsManagedSseEnabled"] == "true"


def test_a_consumer_waits_for_jobs_as_long_as_sqs_lets_it(deployed):
    assert queue(deployed)["ReceiveMessageWaitTimeSeconds"] == "20"


@pytest.mark.parametrize(("name", "hidden_s"), [("mail", 40), ("sagas", 90)])
def test_a_job_is_hidden_for_twice_the_time_it_may_take(deployed, name, hidden_s):
    assert queue(deployed, name)["VisibilityTimeout"] == str(hidden_s)


def test_a_short_job_is_hidden_for_half_a_minute():
    assert visibility_s(5) == 30


PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def refusal(arn):
    return {"Effect": "Deny", "Action": ["sqs:*"], "Resource": arn, "Principal": "*", "Condition": PLAIN_HTTP}


def statements(found):
    return json.loads(found["Policy"])["Statement"]


def test_the_named_topic_and_no_other_may_deliver(deployed):
    arn = queue(deployed)["QueueArn"]
    assert statements(queue(deployed))[1:] == [
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": arn,
            "Principal": {"Service": "sns.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": [TOPIC]}},
        }
    ]


@pytest.mark.parametrize("read", [queue, dead])
def test_both_queues_refuse_plain_http(deployed, read):
    found = read(deployed)
    assert statements(found)[0] == refusal(found["QueueArn"])


def test_without_a_topic_nobody_is_let_in(deployed):
    assert statements(queue(deployed, "sagas")) == [refusal(queue(deployed, "sagas")["QueueArn"])]


def test_a_queue_has_one_policy(deployed):
    urls = [policy.inputs["queueUrl"] for policy in deployed.of_type("aws:sqs/queuePolicy:QueuePolicy")]
    assert sorted(urls) == sorted(made.id for made in deployed.of_type(QUEUE))


def permissions(deployed, name):
    return json.loads(component(deployed)[name])["Statement"]


def test_a_producer_may_send_and_no_more(deployed):
    arn = queue(deployed)["QueueArn"]
    assert permissions(deployed, "send_policy") == [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": arn}]


def test_a_worker_may_take_extend_and_remove_jobs_and_bury_what_is_hopeless_and_no_more(deployed):
    own = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    assert permissions(deployed, "consume_policy") == [
        {"Effect": "Allow", "Action": own, "Resource": queue(deployed)["QueueArn"]},
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": dead(deployed)["QueueArn"]},
    ]


def alarm(deployed, role):
    found = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"mail-{role}")["MetricAlarms"]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("role", "metric", "output", "threshold"),
    [
        ("dead-letters", "ApproximateNumberOfMessagesVisible", "dead_letter_name", 0.0),
        ("age", "ApproximateAgeOfOldestMessage", "name", 900.0),
    ],
)
def test_an_alarm_watches_a_queue_that_stands(deployed, role, metric, output, threshold):
    found, name = alarm(deployed, role), component(deployed)[output]
    deployed.client("sqs").get_queue_url(QueueName=name)
    seen = (found["MetricName"], found["Dimensions"], found["Threshold"], found["ComparisonOperator"])
    assert seen == (metric, [{"Name": "QueueName", "Value": name}], threshold, "GreaterThanThreshold")


@pytest.mark.parametrize("role", ["dead-letters", "age"])
def test_an_alarm_says_when_it_begins_and_when_it_ends_and_silence_is_good(deployed, role):
    found = alarm(deployed, role)
    said = (found["AlarmActions"], found["OKActions"], found["TreatMissingData"])
    assert said == ([ALARMS], [ALARMS], "notBreaching")


def test_without_a_topic_there_is_no_alarm(deployed):
    assert deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix="sagas")["MetricAlarms"] == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"max_job_s": 0}, "max_job_s is 0; allowed: 1 to 21600. Fix: max_job_s"),
        ({"max_job_s": 21_601}, "max_job_s is 21601; allowed: 1 to 21600"),
        ({"max_tries": 0}, "max_tries is 0; allowed: 1 to 1000"),
        ({"retention_days": 14}, "retention_days is 14; allowed: 1 to 13"),
        ({"alarm_age_s": 0}, "alarm_age_s is 0; allowed: 1 to 1209600"),
    ],
)
def test_what_sqs_cannot_do_is_refused_at_once(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        WorkQueueArgs(**{"max_job_s": 20, **wrong})


def test_what_is_declared_is_registered(deployed):
    assert set(component(deployed)) == set(WorkQueue.__annotations__)
