"""Pure: how much one peer, and all peers together, may ask of the SMTP receiver."""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What the receiver allows. Clients of `trusted_networks` are limited only in total."""

    message_bytes: int = 30 * 1024 * 1024
    recipients: int = 100
    connections: int = 1000
    connections_per_client: int = 50
    messages_per_client_minute: int = 600  # 0: as many as come
    errors: int = 50
    commands_without_message: int = 1000
    memory_bytes: int = 512 * 1024 * 1024
    command_timeout_s: float = 300.0  # RFC 5321 4.5.3.2.7
    data_timeout_s: float = 180.0  # RFC 5321 4.5.3.2.5, for each 64 KiB
    trusted_networks: tuple[Network, ...] = LOOPBACK


@dataclass(slots=True)
class Memory:
    """Octets of messages that are being read or wait for their commit, bounded for all peers."""

    limit_bytes: int
    held_bytes: int = 0

    def take(self, size: int) -> bool:
        """Whether there was room; if so it is held until given back."""
        if self.held_bytes + size > self.limit_bytes:
            return False
        self.held_bytes += size
        return True

    def give_back(self, size: int) -> None:
        self.held_bytes -= size


@dataclass(slots=True)
class Held:
    """What one conversation holds of the memory."""

    memory: Memory
    size_bytes: int = 0

    def take(self, size: int) -> bool:
        taken = self.memory.take(size)
        self.size_bytes += size * taken
        return taken

    def give_back(self) -> None:
        self.memory.give_back(self.size_bytes)
        self.size_bytes = 0


@dataclass(slots=True)
class Clients:
    """Counts open connections and the messages of this minute, by client address."""

    limits: Limits
    _open: Counter[str] = field(default_factory=Counter)
    _messages: Counter[str] = field(default_factory=Counter)
    _minute: int = 0
    total: int = 0

    def connect(self, address: str) -> bool:
        """Whether one more connection is allowed. Each call is paired with one `disconnect`."""
        self.total += 1
        client = self._client(address)
        self._open[client] += 1
        if self.total > self.limits.connections:
            return False
        return client == "" or self._open[client] <= self.limits.connections_per_client

    def disconnect(self, address: str) -> None:
        self.total -= 1
        client = self._client(address)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]

    def may_send(self, address: str, now_s: float) -> bool:
        """Whether the client may send one more message in this minute; it is counted."""
        client = self._client(address)
        allowed = self.limits.messages_per_client_minute
        if client == "" or not allowed:
            return True
        if int(now_s // 60) != self._minute:
            self._minute = int(now_s // 60)
            self._messages.clear()
        self._messages[client] += 1
        return self._messages[client] <= allowed

    def _client(self, address: str) -> str:
        """The name to count under; "" is not limited. IPv6 counts by /64: what one customer has."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return "unknown"
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if any(ip in network for network in self.limits.trusted_networks):
            return ""
        return str(ip) if ip.version == 4 else str(ip_network((int(ip) >> 64 << 64, 64)))
