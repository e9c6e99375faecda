"""Which addresses a customer may have us call: no form of spelling leads to one of ours."""

import pytest

from app.services.shipping.addresses import RefusedAddressError, Target, check, resolve


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org:8443/",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org\\@10.0.0.1/",
        "https:///path",
        "https://[::1/",
        "https://example.org:99999/",
        "ftp://example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1%25eth0]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[2001:0:a00:1::]/",
    ],
)
def test_an_address_that_is_not_https_and_public_is_refused_as_it_is_spelt(url):
    with pytest.raises(RefusedAddressError):
        check(url, private=False)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1", "017700000001"])
def test_a_name_that_leads_to_this_machine_is_refused_once_it_is_known(host):
    with pytest.raises(RefusedAddressError, match="not public"):
        resolve(f"https://{host}/", private=False)


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org/a?b=c", "https://8.8.8.8/", "https://[2600::]/"]
)
def test_a_public_address_may_be_set(url):
    check(url, private=False)


def test_the_connection_goes_to_the_address_that_was_looked_at():
    assert resolve("https://8.8.8.8/a?b=c", private=False) == Target(
        "8.8.8.8", 443, "8.8.8.8", "/a?b=c", encrypted=True
    )


def test_on_one_machine_its_own_addresses_will_do():
    assert resolve("http://127.0.0.1:8080", private=True) == Target(
        "127.0.0.1", 8080, "127.0.0.1", "/", encrypted=False
    )
