"""The name table: every name it makes is one that AWS accepts, and no two inputs share one."""

import ast
import re
from pathlib import Path

import pulumi_aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.names import RULES, check, logical, physical

TOKENS = st.sampled_from(sorted(RULES))
AUTONAMED = st.sampled_from(sorted(token for token, rule in RULES.items() if rule.autonamed))
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=200)
DB = "aws:rds/instance:Instance"
LB = "aws:lb/loadBalancer:LoadBalancer"
QUEUE = "aws:sqs/queue:Queue"


def automatic(token, logical_name, seed, **kind):
    named = physical(token, logical_name, seed, **kind)
    assert named is not None
    return named


@given(AUTONAMED, PRINTABLE, st.text())
def test_every_automatic_name_is_legal(token, name, seed):
    prop, name = automatic(token, logical(token, name), seed)
    assert (prop, check(token, name)) == (RULES[token].property, None)


@given(st.sampled_from([QUEUE, "aws:sns/topic:Topic"]), PRINTABLE)
def test_a_fifo_name_is_legal_with_its_suffix(token, name):
    _, name = automatic(token, logical(token, name), "seed", fifo=True)
    assert (name.endswith(".fifo"), check(token, name)) == (True, None)


@given(TOKENS, PRINTABLE, PRINTABLE)
def test_distinct_inputs_give_distinct_logical_names(token, one, other):
    assert (logical(token, one) == logical(token, other)) == (one == other)


@given(TOKENS, PRINTABLE)
def test_names_that_differ_only_past_the_cut_stay_distinct(token, name):
    assert logical(token, name * 255, "blue") != logical(token, name * 255, "green")


@given(TOKENS, PRINTABLE)
def test_a_logical_name_is_stable_when_it_is_named_again(token, name):
    assert logical(token, logical(token, name)) == logical(token, name)


@pytest.mark.parametrize(
    ("token", "parts", "expected"),
    [
        (DB, ("store", "primary"), "store-primary"),
        (DB, ("Store--primary",), "store-primary-47e244b"),
        (DB, ("7store",), "n-7store-79b8110"),
        (LB, ("internal-web",), "n-internal-web-844aff8"),
        (LB, ("web", "a" * 30), "web-aaaaaaaaaaaa-e186d53"),
        ("aws:made/up:Type", ("Web", "--", "x y"), "Web----x y"),
    ],
)
def test_a_name_keeps_its_head_and_says_what_was_lost_in_seven_digits(token, parts, expected):
    assert logical(token, *parts) == expected


def test_the_automatic_name_is_the_logical_name_and_seven_digits_of_the_seed():
    assert physical(QUEUE, "mail", "urn") == ("name", "mail-b05f298")


def test_rds_gets_its_digits_without_a_hyphen_as_pulumi_aws_does():
    assert physical(DB, "primary", "urn") == ("identifier", "primaryb05f298")


def test_an_alias_of_a_key_gets_its_prefix():
    assert physical("aws:kms/alias:Alias", "store", "urn") == ("name", "alias/store-b05f298")


@pytest.mark.parametrize("token", ["aws:ec2/vpc:Vpc", "aws:cloudwatch/dashboard:Dashboard"])
def test_a_type_without_an_automatic_name_gets_none(token):
    assert physical(token, "store", "seed") is None


def test_a_logical_name_that_pulumi_would_turn_into_a_refused_name_is_refused_offline():
    with pytest.raises(ValueError, match=re.escape("allowed: 1..32 characters")):
        physical(LB, "a" * 30, "seed")


@pytest.mark.parametrize(
    ("token", "name", "allowed"),
    [
        (LB, "a" * 33, "1..32 characters"),
        (LB, "internal-x", "a beginning other than internal-"),
        (LB, "-x", "no '-' at either end"),
        (DB, "Store", "characters of [a-z0-9-]"),
        (DB, "1x", "a letter first"),
        (DB, "a--b", "no '--'"),
        ("aws:s3/bucket:Bucket", "pages-s3alias", "an end other than -s3alias, --ol-s3, .mrap, --x-s3, --table-s3"),
        ("aws:s3/bucket:Bucket", "ab", "3..63 characters"),
        ("aws:kms/alias:Alias", "store", "a name that begins with 'alias/'"),
        ("aws:ec2/securityGroup:SecurityGroup", "sg-web", "a beginning other than sg-"),
    ],
)
def test_a_fixed_name_is_refused_with_the_one_constraint_it_breaks(token, name, allowed):
    rule = RULES[token]
    refusal = f"{token} {rule.property} is {name!r}; allowed: {allowed} ({rule.source}). Fix: "
    assert str(check(token, name)).startswith(refusal)


def test_a_fixed_name_that_fits_is_not_refused():
    assert [check(LB, "store"), check(QUEUE, "mail.fifo"), check("aws:made/up:Type", "-")] == [None, None, None]


def required_arguments(token):
    """Read which arguments pulumi-aws requires off its source: importing its s3 warns of what is deprecated there."""
    [(module, kind)] = re.findall(r"^aws:(\w+)/\w+:(\w+)$", token)
    source = ast.parse((Path(pulumi_aws.__file__).parent / module / f"{snake(kind).lstrip('_')}.py").read_text())
    [args] = [node for node in source.body if isinstance(node, ast.ClassDef) and node.name == f"{kind}Args"]
    init = next(node for node in args.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    named = zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
    return {argument.arg: default is None for argument, default in named}


def snake(name):
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


@pytest.mark.parametrize("token", sorted(RULES))
def test_a_property_is_autonamed_exactly_when_pulumi_aws_does_not_require_it(token):
    outer, *inner = RULES[token].property.split(".")
    is_required = required_arguments(token)[snake(outer)]
    assert RULES[token].autonamed == (not is_required and not inner)
