"""Fragments about alarms, logs, budgets, certificates and records."""

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
QUERY = aws.cloudwatch.MetricAlarmMetricQueryArgs
METRIC = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs
QUEUE = {"QueueName": "orders"}
PLAIN = {"namespace": None, "metric_name": None, "statistic": None, "period": None, "dimensions": None}


def alarm(**more):
    given = {
        "namespace": "AWS/SQS",
        "metric_name": "NumberOfMessagesSent",
        "dimensions": QUEUE,
        "statistic": "Sum",
        "period": 60,
        "evaluation_periods": 5,
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 1,
        "treat_missing_data": "notBreaching",
        "alarm_actions": [TOPIC],
        "ok_actions": [TOPIC],
    }
    aws.cloudwatch.MetricAlarm("alarm", **{**given, **more})


def counted(id_, **more):
    metric = METRIC(metric_name="x", namespace="AWS/SQS", period=60, stat="Sum", dimensions=QUEUE)
    return QUERY(id=id_, metric=metric, **more)


def expression(text, *queries, returned=True):
    alarm(**PLAIN, metric_queries=[QUERY(id="e1", expression=text, return_data=returned), *queries])


def log(**more):
    aws.cloudwatch.LogGroup("log", **{"retention_in_days": 30, **more})


def record(logical_name="record", **more):
    given = {"zone_id": "Z1", "name": "x.bigpicture.dev", "type": "A", "records": ["192.0.2.1"], "ttl": 60}
    aws.route53.Record(logical_name, **{**given, **more})


def weighted(weight):
    return [aws.route53.RecordWeightedRoutingPolicyArgs(weight=weight)]


def validated(made):
    name = made.domain_validation_options.apply(lambda options: options[0].resource_record_name)
    record(name=name, type="CNAME", records=["x.acm-validations.aws."])


def certificate(name="shop.bigpicture.dev", called="c", **more):
    return aws.acm.Certificate(called, domain_name=name, validation_method="DNS", **more)


@breaks(
    "log-retention",
    "aws:cloudwatch/logGroup:LogGroup 'log': retentionInDays is 17; allowed: 0 or 1 or 3 or 5 or 7 or 14 "
    "or 30 or 60 or 90 or 120 or 150 or 180 or 365 or 400 or 545 or 731 or 1096 or 1827 or 2192 or 2557 "
    "or 2922 or 3288 or 3653.",
)
def kept_for_17_days():
    log(retention_in_days=17)


@keeps("log-retention")
def kept_for_ten_years():
    log(retention_in_days=3653)


@breaks(
    "log-ends",
    "aws:cloudwatch/logGroup:LogGroup 'log': retentionInDays is not set; allowed: a number of days.",
)
def kept_for_ever():
    log(retention_in_days=None)


@breaks(
    "log-name",
    "aws:cloudwatch/logGroup:LogGroup 'log': name is \"my log\"; allowed: 1 to 512 of A-Z, a-z, 0-9 and "
    "_-/.#, not aws/*.",
)
def blank_in_a_logs_name():
    log(name="my log")


@keeps("log-name")
def log_name_of_512():
    log(name="a" * 512)


@breaks(
    "alarm-statistic",
    'aws:cloudwatch/metricAlarm:MetricAlarm \'alarm\': statistic is ["statistic", "extendedStatistic"]; '
    "allowed: one of statistic, extendedStatistic.",
)
def two_statistics():
    alarm(extended_statistic="p99")


@keeps("alarm-statistic")
def a_percentile():
    alarm(statistic=None, extended_statistic="p99")


@breaks(
    "alarm-period",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': period is 45; allowed: 10, 20, 30 or a multiple of 60.",
)
def period_of_45():
    alarm(period=45)


@keeps("alarm-period")
def period_of_10():
    alarm(period=10)


@breaks(
    "alarm-window",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': evaluationPeriods is 289; allowed: at most 288 of 300 s.",
)
def more_than_a_day():
    alarm(period=300, evaluation_periods=289)


@keeps("alarm-window")
def a_day():
    alarm(period=300, evaluation_periods=288)


@keeps("alarm-window")
def a_week_by_the_hour():
    alarm(period=3600, evaluation_periods=168)


@breaks(
    "alarm-datapoints",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': datapointsToAlarm is 6; allowed: 1 to 5.",
)
def more_points_than_periods():
    alarm(datapoints_to_alarm=6)


@keeps("alarm-datapoints")
def as_many_points_as_periods():
    alarm(datapoints_to_alarm=5)


@breaks(
    "alarm-threshold",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': threshold is not set; allowed: either this or thresholdMetricId.",
)
def no_threshold():
    alarm(threshold=None)


@breaks(
    "alarm-missing-data",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': treatMissingData is \"fine\"; allowed: breaching or "
    "notBreaching or ignore or missing.",
)
def silence_is_fine():
    alarm(treat_missing_data="fine")


@keeps("alarm-missing-data")
def silence_is_ignored():
    alarm(treat_missing_data="ignore")


@breaks(
    "alarm-knows-silence",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': treatMissingData is not set; allowed: one of "
    "breaching, notBreaching, ignore, missing.",
)
def silence_unsaid():
    alarm(treat_missing_data=None)


@breaks(
    "alarm-is-heard",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': alarmActions is []; allowed: the ARN of a topic.",
)
def alarm_for_nobody():
    alarm(alarm_actions=[], ok_actions=None)


@breaks(
    "alarm-is-heard",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': okActions is not set; allowed: the ARN of a topic.",
)
def alarm_that_never_says_it_is_over():
    alarm(alarm_actions=["arn:aws:sns:us-east-1:123456789012:alarms"], ok_actions=None)


@breaks(
    "alarm-expression",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries[0].expression is \"m1/m2\"; allowed: "
    "the ids e1, m1, and no SEARCH.",
)
def expression_of_a_missing_id():
    expression("m1/m2", counted("m1"))


@breaks(
    "alarm-expression",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries[0].expression is \"SUM(SEARCH('x', "
    "'Sum'))\"; allowed: the ids e1, and no SEARCH.",
)
def search():
    expression("SUM(SEARCH('x', 'Sum'))")


@keeps("alarm-expression")
def expression_of_ten():
    expression("SUM(METRICS())", *[counted(f"m{number}") for number in range(10)])


@breaks(
    "alarm-returns-one",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries is []; allowed: one that returns data.",
)
def nothing_returned():
    expression("m1", counted("m1"), returned=False)


@breaks(
    "alarm-of-the-edge-region",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': region is \"eu-west-1\"; allowed: us-east-1.",
)
def edge_alarm_in_ireland():
    alarm(namespace="AWS/CloudFront", region="eu-west-1")


@keeps("alarm-of-the-edge-region")
def edge_alarm_in_virginia():
    alarm(namespace="AWS/CloudFront", region="us-east-1")


@breaks(
    "alarm-watches-something",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': dimensions.QueueName is \"order\"; allowed: the name "
    "of a Queue of this program.",
)
def alarm_on_a_misspelt_queue():
    aws.sqs.Queue("q", name="orders")
    alarm(dimensions={"QueueName": "order"})


@keeps("alarm-watches-something")
def alarm_on_a_queue():
    alarm(dimensions={"QueueName": aws.sqs.Queue("q", name="orders").name})


@breaks(
    "budget-name",
    "aws:budgets/budget:Budget 'b': name is \"a:b\"; allowed: 1 to 100 characters without : and \\.",
)
def colon_in_a_budgets_name():
    aws.budgets.Budget("b", name="a:b", budget_type="COST", limit_amount="1", limit_unit="USD", time_unit="MONTHLY")


@breaks(
    "schedule",
    "aws:cloudwatch/eventRule:EventRule 'r': scheduleExpression is \"rate(1 minutes)\"; allowed: rate(1 "
    "minute), rate(N minutes) or cron(six fields).",
)
def one_minutes():
    aws.cloudwatch.EventRule("r", schedule_expression="rate(1 minutes)")


@keeps("schedule")
def five_minutes():
    aws.cloudwatch.EventRule("r", schedule_expression="rate(5 minutes)")


@keeps("schedule")
def by_cron():
    aws.cloudwatch.EventRule("r", schedule_expression="cron(0 12 * * ? *)")


def targeted(count):
    rule = aws.cloudwatch.EventRule("r", schedule_expression="rate(1 minute)")
    for number in range(count):
        aws.cloudwatch.EventTarget(f"t{number}", rule=rule.name, arn=TOPIC)


@breaks(
    "schedule-targets",
    "aws:cloudwatch/eventRule:EventRule 'r': targets is 6; allowed: at most 5.",
)
def six_targets():
    targeted(6)


@keeps("schedule-targets")
def five_targets():
    targeted(5)


@breaks(
    "zone-name",
    "aws:route53/zone:Zone 'z': name is \"example.com\"; allowed: a domain that you can own.",
)
def zone_of_nobody():
    aws.route53.Zone("z", name="example.com")


@keeps("zone-name")
def zone_of_ours():
    aws.route53.Zone("z", name="shop.bigpicture.dev")


@breaks(
    "certificate-names",
    "aws:acm/certificate:Certificate 'c': domainName is [\"https://shop.bigpicture.dev\"]; allowed: host names.",
)
def url_for_a_name():
    certificate("https://shop.bigpicture.dev")


@keeps("certificate-names")
def star_for_a_name():
    certificate("bigpicture.dev", subject_alternative_names=["*.bigpicture.dev"])


@breaks(
    "certificate-key",
    "aws:acm/certificate:Certificate 'c': keyAlgorithm is \"RSA_1024\"; allowed: RSA_2048 or EC_prime256v1 "
    "or EC_secp384r1.",
)
def small_key():
    certificate(key_algorithm="RSA_1024")


@keeps("certificate-key")
def elliptic_key():
    certificate(key_algorithm="EC_prime256v1")


@breaks(
    "record-values-or-alias",
    "aws:route53/record:Record 'record': ttl is not set; allowed: seconds, as it is no alias.",
)
def record_without_a_ttl():
    record(ttl=None)


@breaks(
    "record-addresses",
    "aws:route53/record:Record 'record': records is [\"balancer.bigpicture.dev\"]; allowed: IPv4 addresses.",
)
def name_for_an_address():
    record(records=["balancer.bigpicture.dev"])


@keeps("record-addresses")
def ipv6_address():
    record(type="AAAA", records=["2001:db8::1"])


@breaks(
    "record-name",
    "aws:route53/record:Record 'record': name is \"x..bigpicture.dev\"; allowed: labels of 1 to 63 "
    "characters between dots.",
)
def empty_label():
    record(name="x..bigpicture.dev")


@keeps("record-name")
def label_of_63():
    record(name="a" * 63 + ".bigpicture.dev")


@breaks(
    "record-once",
    "aws:route53/record:Record 'a': name is \"x.bigpicture.dev\"; allowed: a name that b does not have.",
    "aws:route53/record:Record 'b': name is \"x.bigpicture.dev\"; allowed: a name that a does not have.",
)
def simple_beside_weighted():
    record("a")
    record("b", set_identifier="b", weighted_routing_policies=weighted(1))


@keeps("record-once")
def two_weighted():
    record("a", set_identifier="a", weighted_routing_policies=weighted(1))
    record("b", set_identifier="b", weighted_routing_policies=weighted(1))


@breaks(
    "record-weight",
    "aws:route53/record:Record 'record': weightedRoutingPolicies[0].weight is 300; allowed: 0 to 255.",
)
def weight_of_300():
    record(set_identifier="a", weighted_routing_policies=weighted(300))


@keeps("record-weight")
def weight_of_255():
    record(set_identifier="a", weighted_routing_policies=weighted(255))


@breaks(
    "record-to-the-cdn",
    "aws:route53/record:Record 'record': aliases[0].evaluateTargetHealth is true; allowed: false for CloudFront.",
)
def health_of_the_cdn():
    alias = aws.route53.RecordAliasArgs(name="d1.cloudfront.net", zone_id="Z2FDTNDATAQYW2", evaluate_target_health=True)
    record(records=None, ttl=None, aliases=[alias])


@breaks(
    "validation-names-its-records",
    "aws:acm/certificateValidation:CertificateValidation 'v': validationRecordFqdns is not set; allowed: "
    "the fqdn of every validation record.",
)
def validation_that_waits_for_nothing():
    record()
    aws.acm.CertificateValidation("v", certificate_arn=certificate().arn)


@breaks(
    "validation-record-is-shared",
    "aws:route53/record:Record 'record': allowOverwrite is not set; allowed: true on a validation record.",
)
def two_certificates_with_one_validation_record():
    certificate("*.shop.bigpicture.dev", "beside", region="us-west-2")
    validated(certificate())


@keeps("validation-record-is-shared")
def validation_record_of_the_only_certificate():
    certificate("other.bigpicture.dev", "beside")
    validated(certificate())


@breaks(
    "health-check-ranges",
    "aws:route53/healthCheck:HealthCheck 'h': requestInterval is 17; allowed: 10 or 30.",
    "aws:route53/healthCheck:HealthCheck 'h': failureThreshold is 11; allowed: 1 to 10.",
)
def asked_every_17_seconds():
    aws.route53.HealthCheck("h", type="TCP", port=443, request_interval=17, failure_threshold=11)


@keeps("health-check-ranges")
def asked_every_10_seconds():
    aws.route53.HealthCheck("h", type="TCP", port=443, request_interval=10, failure_threshold=10)
