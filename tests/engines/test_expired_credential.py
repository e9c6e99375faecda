"""An AWS credential that has expired is said as such, whoever notices it: the preflight, or the engine's provider."""

import pytest
from botocore.stub import Stubber

from engines.cloud import Cloud, CloudError
from engines.reasons import in_words


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_an_expired_credential_is_refused_before_anything_is_asked(code):
    cloud = Cloud("us-east-1", key="test")
    with Stubber(cloud.client("sts")) as sts:
        sts.add_client_error("get_caller_identity", code)
        with pytest.raises(CloudError) as refused:
            cloud.identity()
    assert str(refused.value) == (
        f"AWS credentials: they have expired ({code}); allowed: valid ones."
        " Fix: aws login, aws sso login or aws configure, or set AWS_PROFILE"
    )


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_a_credential_that_expires_in_the_middle_of_a_deploy_is_said_in_our_words(code):
    words = f"operation error SQS: CreateQueue, api error {code}: The security token included in the request is expired"
    assert in_words(words) == (
        "the AWS credential has expired; allowed: one that outlives the deploy. Fix: aws sso login, or a new key"
    )
