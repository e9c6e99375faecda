"""CloudFront Functions: publishing and updating one, which moto 5.2.5 lacks, and the LIVE stage that follows."""

import copy
from typing import Any

from moto.cloudfront import models, urls
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.utils import utcnow

from offline.patches.overlay import Answer, Call, Refusal, amends, answers

urls.url_paths["{0}/2020-05-31/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch


def _function(call: Call) -> Any:
    """Moto's function of the request; refused when it is missing or its ETag has passed."""
    function = next((row for row in call.backend.functions.values() if row.name == call.params["Name"]), None)
    if function is None:
        raise Refusal("NoSuchFunctionExists", f"The function {call.params['Name']} does not exist.")
    if function.etag != call.params["IfMatch"]:
        raise Refusal("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    return function


@answers("cloudfront", "PublishFunction")
def publish(call: Call) -> Answer:
    """Copy the function from DEVELOPMENT to LIVE, where distributions may use it."""
    function = _function(call)
    live = copy.deepcopy(function.function_summary)
    live["Status"] = "DEPLOYED"
    live["FunctionMetadata"] |= {"Stage": "LIVE", "LastModifiedTime": utcnow()}
    call.memory("live functions")[function.name] = live
    return {"FunctionSummary": live}


@answers("cloudfront", "UpdateFunction")
def update(call: Call) -> Answer:
    """Change the DEVELOPMENT stage; LIVE stays until it is published again."""
    function = _function(call)
    function.config, function.code = call.params["FunctionConfig"], call.params["FunctionCode"]
    function.etag, function.last_modified_time = models.random_id(), utcnow()
    return {"FunctionSummary": function.function_summary, "ETag": function.etag}


@amends("cloudfront", "DescribeFunction")
def show_the_stage_asked_for(call: Call, answer: Answer) -> None:
    """Moto shows DEVELOPMENT whatever the stage."""
    if call.params.get("Stage") == "LIVE":
        if call.params["Name"] not in call.memory("live functions"):
            raise Refusal("NoSuchFunctionExists", f"The function {call.params['Name']} is not published.")
        answer["FunctionSummary"] = call.memory("live functions")[call.params["Name"]]
