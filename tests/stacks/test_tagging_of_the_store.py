"""The whole store's tags: everything in a sandbox says whose it is and when it is over."""

import pytest

from engines.rehearsal import rehearse
from offline.provider.metadata import inputs_of


@pytest.fixture(scope="module")
def store():
    deployment, account = rehearse("sandbox", {"scaling": "horizontal", **OF_THE_STORE})
    account.close()
    return deployment.graph


OF_THE_STORE = {"owner": "shop", "expires_at": "2026-12-31"}
REQUIRED = {"project": "bigpicture", "stack": "sandbox", "owner": "shop", "expires-at": "2026-12-31"}


def held(resource):
    tags = resource.inputs.get("tags") or {}
    return {tag["key"]: tag["value"] for tag in tags} if isinstance(tags, list) else tags


def test_everything_of_the_store_that_can_carry_tags_says_whose_it_is_and_when_it_is_over(store):
    taggable = [each for each in store.resources if each.type.startswith("aws:") and "tags" in inputs_of(each.type)]
    assert len(taggable) > 200
    assert [each.urn for each in taggable if not REQUIRED.items() <= held(each).items()] == []


def test_every_server_and_its_disk_carry_the_stacks_tags(store):
    templates = store.of_type("aws:ec2/launchTemplate:LaunchTemplate")
    tagged = [row["tags"] for each in templates for row in each.inputs["tagSpecifications"]]
    assert [tags for tags in tagged if not REQUIRED.items() <= tags.items()] == []


def test_a_fleet_hands_the_stacks_tags_on(store):
    groups = store.of_type("aws:autoscaling/group:Group")
    assert {tag["propagateAtLaunch"] for each in groups for tag in each.inputs["tags"]} == {True}
