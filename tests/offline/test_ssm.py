"""Parameters of the SSM parameter store, as a program asks for them."""

import pulumi
import pulumi_aws as aws
import pytest

from tests.deploying import deploy
from tests.surroundings import AMI_PARAMETER


def test_the_public_parameter_of_amazon_linux_names_an_image_of_amazons():
    deployed = deploy(lambda: pulumi.export("ami", aws.ssm.get_parameter(name=AMI_PARAMETER).insecure_value))
    [image] = deployed.client("ec2").describe_images(ImageIds=[deployed.outputs["ami"]])["Images"]
    assert image["Architecture"] == "arm64"


def test_a_parameter_that_does_not_exist_is_refused():
    with pytest.raises(Exception, match="ParameterNotFound"):
        deploy(lambda: aws.ssm.get_parameter(name="/nowhere"))
