"""What a database cannot be, refused before the first resource."""

import re

import pytest

from components.database import DatabaseArgs
from tests.databases import SANDBOX


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"version": "17.4"},
            "version is '17.4'; allowed: a major version out of 16, 17, 18. Fix: version",
        ),
        ({"storage_gb": 400}, "storage_gb is 400; allowed: 20 to 399"),
        ({"storage_gb": 100, "max_storage_gb": 105}, "max_storage_gb is 105; allowed: 0, or 1.1 x storage_gb to 65536"),
        ({"replicas": 16}, "replicas is 16; allowed: 0 to 15"),
        ({"backup_days": 0}, "backup_days is 0; allowed: 1 to 35. Fix: backup_days"),
        ({"monitoring_s": 20}, "monitoring_s is 20; allowed: 0, 1, 5, 10, 15, 30, 60"),
        (
            {"username": "admin"},
            "username is 'admin'; allowed: a letter, then letters, digits and '_', at most 16, not pg_",
        ),
        ({"username": "pg_store"}, "username is 'pg_store'; allowed:"),
        (
            {"database_name": "the-store"},
            "database_name is 'the-store'; allowed: a letter, then letters, digits and '_'",
        ),
        ({"instance_class": "db.huge"}, "instance_class is 'db.huge'; allowed: db.<family>.<size>"),
    ],
)
def test_a_decision_that_rds_would_refuse_is_refused_before_the_first_resource(wrong, sentence):
    right = {"vpc_id": "vpc-1", "subnet_group_name": "data", "instance_class": "db.t4g.small", "protection": SANDBOX}
    with pytest.raises(ValueError, match=re.escape(sentence)):
        DatabaseArgs(**{**right, **wrong})
