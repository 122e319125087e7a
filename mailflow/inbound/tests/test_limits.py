"""How much one peer may ask."""

from ipaddress import ip_network

from mailflow.inbound.limits import Clients, Limits, Memory


def test_a_client_has_its_own_number_of_connections():
    clients = Clients(Limits(connections_per_client=2))
    assert [clients.connect("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert clients.connect("192.0.2.2")
    clients.disconnect("192.0.2.1")
    clients.disconnect("192.0.2.1")
    assert clients.connect("192.0.2.1")


def test_all_clients_together_have_a_number_of_connections():
    clients = Clients(Limits(connections=2))
    assert [clients.connect(f"192.0.2.{n}") for n in range(3)] == [True, True, False]


def test_ipv6_counts_by_network_and_mapped_ipv4_as_ipv4():
    clients = Clients(Limits(connections_per_client=1))
    assert clients.connect("2001:db8::1")
    assert not clients.connect("2001:db8::ffff")
    assert clients.connect("2001:db8:0:1::1")
    assert clients.connect("192.0.2.1")
    assert not clients.connect("::ffff:192.0.2.1")


def test_messages_are_counted_by_the_minute():
    clients = Clients(Limits(messages_per_client_minute=2))
    assert [clients.may_send("192.0.2.1", 5.0) for _ in range(3)] == [True, True, False]
    assert clients.may_send("192.0.2.2", 5.0)
    assert clients.may_send("192.0.2.1", 61.0)


def test_a_trusted_relay_is_limited_only_in_total():
    limits = Limits(
        connections=3, connections_per_client=1, trusted_networks=(ip_network("10.0.0.0/8"),)
    )
    clients = Clients(limits)
    assert [clients.connect("10.1.2.3") for _ in range(4)] == [True, True, True, False]


def test_memory_is_given_only_while_there_is_some():
    memory = Memory(10)
    assert memory.take(8)
    assert not memory.take(3)
    memory.give_back(8)
    assert memory.take(10)
