"""AWS WAF knows CloudFront in us-east-1 alone; moto 5.2.5 answers for the scope CLOUDFRONT in every region."""

from offline.patches.overlay import Call, Refusal, checks

EDGE_REGION = "us-east-1"
"""AWS WAF API, Scope: "To work with CloudFront, you must also specify the Region US East (N. Virginia)". The refusal:
https://github.com/aws-solutions/aws-waf-security-automations/issues/300; the log's:
https://github.com/cloud-custodian/cloud-custodian/pull/10818."""


def _refuse(call: Call, is_global: bool) -> None:
    if is_global and call.region != EDGE_REGION:
        reason = "The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"
        raise Refusal("WAFInvalidParameterException", f"Error reason: {reason}")


@checks("wafv2", "CreateWebACL", "DeleteWebACL", "GetWebACL", "ListWebACLs", "UpdateWebACL")
def a_global_scope_is_asked_for_at_the_edge(call: Call) -> None:
    """Moto takes it anywhere."""
    _refuse(call, call.params.get("Scope") == "CLOUDFRONT")


@checks("wafv2", "PutLoggingConfiguration", "GetLoggingConfiguration", "DeleteLoggingConfiguration")
def a_global_log_is_asked_for_at_the_edge(call: Call) -> None:
    """Moto takes the ARN of a global web ACL anywhere."""
    arn = call.params.get("ResourceArn") or call.params["LoggingConfiguration"]["ResourceArn"]
    _refuse(call, ":global/" in arn)
