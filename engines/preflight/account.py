"""Check whose account it is, and what it lets a stack do: region, plan, roles, and for how long."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from engines.cloud import endpoint
from engines.finding import Finding
from engines.preflight.permissions import refused
from engines.preflight.site import Site, tried

ALLOWED = "aws:allowedAccountIds"
"""Pulumi's own setting: the provider refuses any other account by itself, also under a plain `pulumi up`."""
BASE_REGION = "us-east-1"
"""Answers for every region; a region that is not enabled does not even answer for itself."""
ROLES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
    "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
}
"""Roles that the services act under; each is made on first use, by the rights of whoever deploys (IAM User Guide,
"Create a service-linked role")."""
MAKE_ROLE = "iam:CreateServiceLinkedRole"
SANDBOX_DAYS = 7


def is_the_one(site: Site) -> Iterator[Finding]:
    """Refuse an account that the stack file does not name, and a stack file that names none."""
    account = site.identity["Account"]
    where = f" at {endpoint()}" if endpoint() else ""
    yield Finding("caller", True, f"{site.identity['Arn']}{where}")
    allowed = _allowed(site.config.get(ALLOWED, ""))
    line = f'{ALLOWED}: ["{account}"]'
    if not allowed:
        got = site.config.get(ALLOWED, "not set")
        fix, wanted = f"{line} below config: in {site.file}", "a list of account ids of 12 digits, in quotation marks"
        yield Finding("account", False, f"{account}; {ALLOWED} is {got}", fix, wanted)
    elif account not in allowed:
        fix = f"log in to {allowed[0]}; if {account} is meant: {line} in {site.file}"
        yield Finding("account", False, account, fix, f"{', '.join(allowed)} by {ALLOWED} in {site.file}")
    else:
        yield Finding("account", True, f"{account}, as {site.file} names it")


def region_is_enabled(site: Site) -> Iterator[Finding]:
    """Refuse a region that the account has not opted in to."""
    region = site.settings.region
    ec2 = site.cloud.client("ec2", BASE_REGION)
    found = tried("region", lambda: ec2.describe_regions(AllRegions=True, RegionNames=[region])["Regions"])
    yield found if isinstance(found, Finding) else region_finding(region, found)


def region_finding(region: str, found: list[dict[str, Any]]) -> Finding:
    """Judge EC2's answer about one region; an account sees those that it has not opted in to as well."""
    status = found[0]["OptInStatus"] if found else "unknown to this account"
    fix = f"aws account enable-region --region-name {region}, and wait some minutes"
    if status in ("opted-in", "opt-in-not-required"):
        return Finding("region", True, f"{region} is enabled")
    return Finding("region", False, f"{region} is {status}", fix, "an enabled region")


def plan(site: Site) -> Iterator[Finding]:
    """Refuse the free plan: it launches only some instance types, and says so only in a fleet's activities."""
    if endpoint():
        yield Finding("plan", True, f"could not be checked: {endpoint()} stands in for AWS and has none", checked=False)
        return
    asked = site.cloud.client("freetier", BASE_REGION)
    found = tried("plan", asked.get_account_plan_state, "A free plan launches only the types of its free tier.")
    yield found if isinstance(found, Finding) else plan_finding(found)


def plan_finding(answer: dict[str, Any]) -> Finding:
    """Judge Free Tier's answer about the account."""
    kind = answer.get("accountPlanType")
    if kind is None:
        unknown = "could not be checked: no plan in the answer. A free plan launches only the types of its free tier."
        return Finding("plan", True, unknown, checked=False)
    if kind == "FREE":
        return Finding("plan", False, "free plan", "upgrade it: Billing console, Free Tier", "the paid plan")
    return Finding("plan", True, f"{kind.lower()} plan")


def service_linked_roles(site: Site) -> Iterator[Finding]:
    """In a fresh account the first deploy makes the roles that services act under, and needs the right to."""
    subject, path = "service-linked roles", "/aws-service-role/"
    found = tried(
        subject, lambda: list(site.cloud.rows("iam", "list_roles", PathPrefix=path)), f"They need {MAKE_ROLE}."
    )
    if isinstance(found, Finding):
        yield found
        return
    paths = {role["Path"].strip("/") for role in found}
    missing = [name for service, name in ROLES.items() if f"aws-service-role/{service}" not in paths]
    if not missing:
        yield Finding(subject, True, "all are there")
        return
    asked = tried(
        subject,
        lambda: refused(site.cloud, site.identity["Arn"], [MAKE_ROLE]),
        f"`up` makes {', '.join(missing)} with {MAKE_ROLE}.",
    )
    if isinstance(asked, Finding):
        yield asked
    elif asked:
        yield Finding(subject, False, f"missing: {', '.join(missing)}", f"allow the caller {MAKE_ROLE}", MAKE_ROLE)
    else:
        yield Finding(subject, True, f"`up` makes {', '.join(missing)}")


def lifetime(site: Site) -> Iterator[Finding]:
    """Refuse a sandbox that says of no day that it is over: nobody would know when it may go."""
    settings = site.settings
    if settings.environment != "sandbox":
        return
    today = dt.datetime.now(dt.UTC).date()
    end, given = today + dt.timedelta(days=SANDBOX_DAYS), settings.expires_at
    fix = f"./bigpicture up --stack {settings.stack} --set expires_at={end} --save"
    wanted = "a day from today on, for a sandbox"
    if not given:
        yield Finding("expires_at", False, "not set", fix, wanted)
    elif dt.date.fromisoformat(given) < today:
        yield Finding("expires_at", False, f"{given}, which is over", fix, wanted)
    else:
        yield Finding("expires_at", True, given)


def _allowed(text: str) -> list[str]:
    """The account ids of a stack file; none where it is not a list of them (unquoted, YAML makes numbers of them)."""
    try:
        values = json.loads(text)
    except ValueError:
        return []
    ids = values if isinstance(values, list) else []
    return ids if all(isinstance(id_, str) and re.fullmatch(r"\d{12}", id_) for id_ in ids) else []
