"""Each server has an address of its own, and one port fits them all."""

import socket

import pytest

from offline.region.addresses import Addresses, port_on
from offline.region.process import RegionError


def test_no_address_is_given_twice():
    addresses = Addresses()
    given = addresses.take(100) + addresses.take(154)
    assert len({*given}) == 254


def test_more_servers_than_addresses_are_refused():
    with pytest.raises(RegionError, match=r"^255 servers; allowed: 254 addresses\. Fix: "):
        Addresses().take(255)


def test_a_port_that_another_server_holds_on_every_address_is_passed_over():
    hosts = Addresses().take(2)
    with socket.create_server(("0.0.0.0", 0)) as other:  # noqa: S104  what docker publishes stands on every address
        taken = other.getsockname()[1]
        assert port_on(hosts, taken) != taken


def test_the_wanted_port_is_taken_where_it_is_free():
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = other.getsockname()[1]
        assert port_on(Addresses().take(3), wanted) == wanted
