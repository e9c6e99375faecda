"""Data: relational databases with their replicas, caches, and tables."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.networks import network, zones

INSTANCE = "https://www.pulumi.com/registry/packages/aws/api-docs/rds/instance/"
TABLE = "https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/table/"
CACHE = "https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/replicationgroup/"
ADVISED = ("database-changes-at-once", "database-extended-support")


def database(name="db", **more):
    """A small PostgreSQL instance, encrypted, whose password RDS keeps."""
    given = {
        "engine": "postgres",
        "engine_version": "17",
        "instance_class": "db.t4g.micro",
        "allocated_storage": 20,
        "storage_encrypted": True,
        "username": "store",
        "manage_master_user_password": True,
        "backup_retention_period": 7,
        "apply_immediately": True,
        "engine_lifecycle_support": "open-source-rds-extended-support-disabled",
        "skip_final_snapshot": True,
    }
    return aws.rds.Instance(name, **{**given, **more})


@example(INSTANCE, *ADVISED)
def mysql_with_its_default_parameters():
    aws.rds.Instance(
        "default",
        allocated_storage=10,
        storage_encrypted=True,
        db_name="mydb",
        engine="mysql",
        engine_version="8.0",
        instance_class="db.t3.micro",
        username="foo",
        password="foobarbaz",
        parameter_group_name="default.mysql8.0",
        backup_retention_period=1,
        skip_final_snapshot=True,
    )


@example(INSTANCE, *ADVISED, "database-version-is-a-major")
def database_that_grows_by_itself():
    aws.rds.Instance(
        "example",
        allocated_storage=50,
        max_allocated_storage=100,
        storage_encrypted=True,
        engine="postgres",
        engine_version="16.4",
        instance_class="db.t3.medium",
        username="foo",
        manage_master_user_password=True,
        backup_retention_period=35,
        skip_final_snapshot=True,
    )


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html")
def password_under_a_key():
    key = aws.kms.Key("example", description="Example KMS Key", enable_key_rotation=True)
    database(master_user_secret_kms_key_id=key.key_id, storage_type="gp3", db_name="app")


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html")
def storage_at_its_limits():
    database("small", allocated_storage=20, storage_type="gp3")
    database("large", allocated_storage=65536, storage_type="gp3", iops=64000, storage_throughput=4000)
    database("provisioned", allocated_storage=100, storage_type="io1", iops=1000)
    database("striped", allocated_storage=400, storage_type="gp3", iops=12000, storage_throughput=500)


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithRDSInstanceinaVPC.html")
def database_in_private_subnets():
    vpc = network()
    app = aws.ec2.SecurityGroup("app", vpc_id=vpc.id, description="Application")
    group = aws.ec2.SecurityGroup("db", vpc_id=vpc.id, description="Database")
    aws.vpc.SecurityGroupIngressRule("in", security_group_id=group.id, referenced_security_group_id=app.id,
                                     ip_protocol="tcp", from_port=5432, to_port=5432)  # fmt: skip
    aws.vpc.SecurityGroupEgressRule("out", security_group_id=app.id, referenced_security_group_id=group.id,
                                    ip_protocol="tcp", from_port=5432, to_port=5432)  # fmt: skip
    subnets = aws.rds.SubnetGroup("db", subnet_ids=[each.id for each in zones(vpc)])
    database(db_subnet_group_name=subnets.name, vpc_security_group_ids=[group.id], multi_az=True,
             publicly_accessible=False)  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html")
def primary_with_two_replicas():
    password = aws.secretsmanager.get_random_password(password_length=32, exclude_punctuation=True)
    primary = database("primary", manage_master_user_password=None, password=password.random_password)
    for number in range(2):
        aws.rds.Instance(f"replica-{number}", replicate_source_db=primary.identifier, instance_class="db.t4g.micro",
                         apply_immediately=True, skip_final_snapshot=True)  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html")
def parameters_of_a_database():
    group = aws.rds.ParameterGroup(
        "tuned",
        family="postgres17",
        parameters=[
            {"name": "log_min_duration_statement", "value": "500"},
            {"name": "max_connections", "value": "200", "apply_method": "pending-reboot"},
            {"name": "rds.force_ssl", "value": "1"},
        ],
    )
    database(parameter_group_name=group.name)


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html")
def database_that_is_watched():
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "monitoring.rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]})  # fmt: skip
    role = aws.iam.Role("monitoring", assume_role_policy=trust)
    managed = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    aws.iam.RolePolicyAttachment("monitoring", role=role.name, policy_arn=managed)
    database(monitoring_interval=60, monitoring_role_arn=role.arn, performance_insights_enabled=True,
             performance_insights_retention_period=731, enabled_cloudwatch_logs_exports=["postgresql",
             "upgrade"])  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html",
         "database-snapshot-is-new")  # fmt: skip
def windows_that_do_not_meet():
    database(backup_window="09:46-10:16", maintenance_window="mon:00:00-mon:03:00", deletion_protection=True,
             skip_final_snapshot=False, final_snapshot_identifier="last", copy_tags_to_snapshot=True)  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html")
def database_of_the_longest_names():
    database("names", identifier="a" * 63, username="u" * 63, db_name="d" * 63, manage_master_user_password=None,
             password="p" * 128, iam_database_authentication_enabled=True)  # fmt: skip


@example(TABLE)
def table_with_an_index():
    aws.dynamodb.Table(
        "basic-dynamodb-table",
        name="GameScores",
        billing_mode="PROVISIONED",
        read_capacity=20,
        write_capacity=20,
        hash_key="UserId",
        range_key="GameTitle",
        attributes=[
            {"name": "UserId", "type": "S"},
            {"name": "GameTitle", "type": "S"},
            {"name": "TopScore", "type": "N"},
        ],
        ttl={"attribute_name": "TimeToExist", "enabled": True},
        global_secondary_indexes=[
            {
                "name": "GameTitleIndex",
                "hash_key": "GameTitle",
                "range_key": "TopScore",
                "write_capacity": 10,
                "read_capacity": 10,
                "projection_type": "INCLUDE",
                "non_key_attributes": ["UserId"],
            }
        ],
        tags={"Name": "dynamodb-table-1", "Environment": "production"},
    )


@example(TABLE)
def table_in_three_regions():
    aws.dynamodb.Table("global", name="example", hash_key="k", billing_mode="PAY_PER_REQUEST", stream_enabled=True,
                       stream_view_type="NEW_AND_OLD_IMAGES", attributes=[{"name": "k", "type": "S"}],
                       replicas=[{"region_name": name} for name in ("us-east-2", "us-west-2")])  # fmt: skip


@example("https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html")
def table_with_twenty_indexes():
    names = [f"a{number}" for number in range(20)]
    aws.dynamodb.Table(
        "wide",
        hash_key="id",
        range_key="at",
        billing_mode="PAY_PER_REQUEST",
        attributes=[{"name": name, "type": "S"} for name in ("id", "at", *names)],
        global_secondary_indexes=[{"name": f"by-{name}", "hash_key": name, "projection_type": "ALL"} for name in names],
        local_secondary_indexes=[
            {"name": f"l{number}", "range_key": names[number], "projection_type": "KEYS_ONLY"} for number in range(5)
        ],
        point_in_time_recovery={"enabled": True, "recovery_period_in_days": 35},
        server_side_encryption={"enabled": True},
        deletion_protection_enabled=True,
    )


@example("https://www.pulumi.com/registry/packages/aws/api-docs/appautoscaling/policy/")
def table_whose_capacity_is_scaled():
    table = aws.dynamodb.Table("scaled", hash_key="id", attributes=[{"name": "id", "type": "S"}], read_capacity=5,
                               billing_mode="PROVISIONED", write_capacity=5,
                               opts=pulumi.ResourceOptions(ignore_changes=["readCapacity",
                               "writeCapacity"]))  # fmt: skip
    target = aws.appautoscaling.Target("read", max_capacity=100, min_capacity=5, service_namespace="dynamodb",
                                       resource_id=table.name.apply("table/{}".format),
                                       scalable_dimension="dynamodb:table:ReadCapacityUnits")  # fmt: skip
    aws.appautoscaling.Policy(
        "read",
        policy_type="TargetTrackingScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        target_tracking_scaling_policy_configuration={
            "predefined_metric_specification": {"predefined_metric_type": "DynamoDBReadCapacityUtilization"},
            "target_value": 70,
        },
    )
