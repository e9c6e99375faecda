"""A database's storage that has grown by itself stays as it is."""

from offline.handler import Aws
from offline.resources.rds import Instance
from tests.deploying import REGION


def test_storage_that_has_grown_by_itself_stays_while_another_setting_changes(account):
    here, grown = Aws(account, REGION), {"allocatedStorage": 150, "maxAllocatedStorage": 500}
    made = {"identifier": "store", "engine": "postgres", "instanceClass": "db.t4g.small", **grown}
    id_ = Instance().create(here, {**made, "username": "store", "password": "a-password"})
    Instance().update(here, id_, {**grown, "multiAz": False}, {**grown, "allocatedStorage": 100, "multiAz": True})
    found = Instance().read(here, id_, {}) or {}
    assert (found["allocatedStorage"], found["multiAz"]) == (150, True)
