"""Service Quotas: moto 5.2.5 knows the quotas of VPC alone, says of others that they are not there; none grows."""

from offline.patches.overlay import Answer, Call, Refusal, answers

DEFAULTS = {
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50.0),
    ("rds", "L-7B6409FD"): ("DB instances", 40.0),
    ("elasticache", "L-DFE45DF3"): ("Nodes per Region", 300.0),
}
"""What a new account has: AWS General Reference, "Service endpoints and quotas" of these services."""

GRANTED = "RequestServiceQuotaIncrease"


@answers("service-quotas", "GetServiceQuota")
def more_quotas_are_known(call: Call) -> Answer:
    """Answer for VPC as moto does, and for what stands above; NoSuchResourceException for the rest."""
    service, code = call.params["ServiceCode"], call.params["QuotaCode"]
    granted = call.memory(GRANTED).get((service, code))
    if service == "vpc":
        known = call.backend.get_service_quota(service, code)
        return {"Quota": {**known, "Value": granted or known["Value"]}}
    if (service, code) not in DEFAULTS:
        raise Refusal(
            "NoSuchResourceException", f"The request failed because the quota {service}/{code} does not exist."
        )
    name, value = DEFAULTS[service, code]
    arn = f"arn:aws:servicequotas:{call.region}:{call.account_id}:{service}/{code}"
    return {
        "Quota": {
            "ServiceCode": service,
            "QuotaArn": arn,
            "QuotaCode": code,
            "QuotaName": name,
            "Value": granted or value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
    }


@answers("service-quotas", "RequestServiceQuotaIncrease")
def an_increase_is_granted_at_once(call: Call) -> Answer:
    """Grant what stands above at once, where AWS takes minutes to days; a quota never falls by this call.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_RequestServiceQuotaIncrease.html
    """
    quota, wanted = more_quotas_are_known(call)["Quota"], call.params["DesiredValue"]
    if wanted <= quota["Value"]:
        raise Refusal(
            "InvalidParameterValueException", f"The value {wanted} is not greater than the quota's, {quota['Value']}."
        )
    call.memory(GRANTED)[call.params["ServiceCode"], call.params["QuotaCode"]] = wanted
    told = {name: quota[name] for name in ("ServiceCode", "QuotaCode", "QuotaName", "QuotaArn")}
    return {"RequestedQuota": {**told, "DesiredValue": wanted, "Status": "APPROVED"}}
