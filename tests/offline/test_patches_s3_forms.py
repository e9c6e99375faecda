"""Forms for uploads as S3 answers them: what the policy that was signed with them does not say is refused."""

import urllib.error
import urllib.request
import uuid

import pytest

from offline.account import Account

KIND = {"Content-Type": "image/png"}


def signed(account: Account, lifetime_s: int = 900) -> dict:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="shelf")
    conditions = [KIND, ["content-length-range", 1, 10], ["starts-with", "$x-amz-meta-who", "a"]]
    return s3.generate_presigned_post("shelf", "k", Fields=dict(KIND), Conditions=conditions, ExpiresIn=lifetime_s)


def post(account: Account, fields: dict, content: bytes = b"picture") -> int:
    """What a browser sends; the status of the answer."""
    boundary = uuid.uuid4().hex
    lines = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items()]  # fmt: skip
    head = "".join(lines) + f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        request = urllib.request.Request(f"{account.serve()}/shelf", body, kind)  # noqa: S310 - the account's address
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return answer.status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


@pytest.mark.parametrize(
    ("change", "content", "status"),
    [
        ({}, b"picture", 204),
        ({}, b"x" * 11, 400),
        ({}, b"", 400),
        ({"key": "other"}, b"picture", 403),
        ({"Content-Type": "text/html"}, b"picture", 403),
        ({"x-amz-meta-who": "bob"}, b"picture", 403),
        ({"acl": "public-read"}, b"picture", 403),
        ({"x-ignore-this": "1"}, b"picture", 204),
    ],
)
def test_a_form_is_held_to_its_policy(account: Account, change, content, status):
    fields = signed(account)["fields"] | {"x-amz-meta-who": "ann"} | change
    assert post(account, fields, content) == status


def test_a_form_ends_when_its_policy_says(account: Account):
    assert post(account, signed(account, -1)["fields"] | {"x-amz-meta-who": "ann"}) == 403


def test_nobody_puts_an_object_with_a_form_that_nobody_signed(account: Account):
    signed(account)
    assert post(account, {"key": "k"}) == 403


def test_shipped_moto_takes_whatever_comes(shipped: Account):
    fields = signed(shipped)["fields"] | {"key": "other", "x-amz-meta-who": "bob"}
    assert post(shipped, fields, b"x" * 11) == 204
