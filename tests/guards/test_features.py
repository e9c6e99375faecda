"""Every feature that is claimed has its component and its test, and the page that lists them is current."""

import pytest

from tests.guards.features import PAGE, features, page
from tests.guards.sources import ROOT, functions_in

FEATURES = features()


def test_the_features_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("test", sorted({each.test for each in FEATURES}))
def test_the_test_of_a_feature_exists(test):
    path, _, name = test.partition("::")
    assert name.partition("[")[0] in functions_in(path)


@pytest.mark.parametrize("component", sorted({each.component for each in FEATURES}))
def test_the_component_of_a_feature_exists(component):
    assert (ROOT / component).is_file()


def test_defaults_are_of_the_known_kinds():
    assert {each.default for each in FEATURES} <= {"Y", "Prod", "Opt", "Defect"}
