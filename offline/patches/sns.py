"""SNS: moto 5.2.5 keeps attributes of a topic that it never shows, and confirms mail addresses by itself."""

from typing import Any

from moto.sns.models import SNSBackend, Subscription

from offline.patches.overlay import Answer, Call, amends
from offline.patches.swap import replaces

UNSHOWN = {"SignatureVersion": "signature_version", "TracingConfig": "tracing_config"}


@amends("sns", "GetTopicAttributes")
def every_attribute_is_shown(call: Call, answer: Answer) -> None:
    """Show the attributes that moto stores on the topic and leaves out of its answer."""
    topic = call.backend.get_topic(call.params["TopicArn"])
    held = {name: vars(topic).get(attribute) for name, attribute in UNSHOWN.items()}
    answer["Attributes"].update({name: value for name, value in held.items() if value is not None})


@replaces(SNSBackend, "subscribe")
def mail_waits_for_a_click(
    original: Any, backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str
) -> Subscription:
    """Leave a mail address unconfirmed: on AWS somebody has to follow the link in SNS's first mail."""
    subscription = original(backend, topic_arn, endpoint, protocol)
    if protocol in ("email", "email-json"):
        subscription.attributes.update(PendingConfirmation=True, ConfirmationWasAuthenticated=False)
    return subscription
