"""Where we may dial: the check of a URL as it is written, and of an address that its name turned out to have. Pure; dials nothing.

The rules are strict on purpose. A URL of a media file or of an API is plain; whatever is written in a form that two parsers could read
differently is refused instead of understood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import idna
from django.conf import settings

MAX_URL_LENGTH = 8000
_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[/?#].*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?P<port>:.*)?", re.DOTALL)
_PORT = re.compile(r":([1-9][0-9]{0,4})")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_QUAD = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")

# Names that mean this machine or this network wherever they are asked for.
_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "localdomain4",
    "localdomain6",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "home.arpa",
    "corp",
    "private",
    "svc",  # Kubernetes.
    "onion",
)

# Written out: what Python calls global differs between its versions.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host, at a public-looking address.
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )  # 2001::/23 has Teredo.
)


class AddressRefused(Exception):
    """An address that is not dialled. `str(error)` is one sentence: what is wrong with this value. It never quotes a query or a password."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a checked URL leads. host: lower case, ASCII; an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def check_url(url: str) -> Target:
    """The scheme, host and port of a URL that may be dialled. Raises AddressRefused.

    Only https, and only names and public addresses; a `host:port` of settings.PRIVATE_HOSTS may be private, and http.
    """
    if len(url) > MAX_URL_LENGTH:
        raise AddressRefused(f"This address has {len(url):,} characters. The most is {MAX_URL_LENGTH:,}.")
    _raise_for_characters(url)
    parts = _URL.fullmatch(url)
    if parts is None:
        raise AddressRefused("This is not a full address. It must begin with https:// and name a host.")
    scheme = parts["scheme"].lower()
    if scheme not in _PORTS:
        raise AddressRefused(f"Addresses that begin with {scheme[:20]}:// are not opened. Use https://.")
    host, port = _host_and_port(parts["authority"], scheme)
    target = Target(scheme, host, port)
    if is_private_host(host, port):
        return target
    if scheme == "http":
        raise AddressRefused(f"The address of {host} begins with http://. Only https:// is opened.")
    if port != _PORTS[scheme] and port < _FIRST_FREE_PORT:
        raise AddressRefused(f"Port {port} of {host} is not one that files or APIs are served on. Use 443.")
    _raise_for_host(host)
    return target


def check_address(address: str, host: str = "", port: int = 0) -> None:
    """Refuses a resolved IP address that is not public, unless `host:port` is in settings.PRIVATE_HOSTS. Raises AddressRefused."""
    if is_private_host(host, port) or is_private_host(address, port):
        return
    if not is_public(address):
        named = f"The name {host} leads to {address}, which" if host and host != address else f"The address {address}"
        raise AddressRefused(f"{named} is not on the public internet.")


def is_public(address: str) -> bool:
    """Whether this is a unicast address of the public internet. Mapped and tunnelled forms are not; NAT64 is what it leads to."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    if parsed.scope_id:
        return False
    if parsed in _NAT64:
        return is_public(str(IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return parsed in _UNICAST_6 and not any(parsed in network for network in _NOT_PUBLIC_6)


def is_private_host(host: str, port: int) -> bool:
    """Whether the operator allows this very host and port, wherever it leads."""
    if not host or not settings.PRIVATE_HOSTS:
        return False
    written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return written.lower() in {allowed.lower() for allowed in settings.PRIVATE_HOSTS}


def _raise_for_characters(url: str) -> None:
    for character in url:
        if character == "\\":
            raise AddressRefused("This address has a backslash in it. Addresses are written with forward slashes.")
        if character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise AddressRefused("This address has a space or an invisible character in it. Copy it again.")


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    if "@" in authority:
        raise AddressRefused("This address has a user name or password in front of its host. Leave them out.")
    if "%" in authority:
        raise AddressRefused("The host of this address is written with a percent sign. Write it plainly.")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None or not parts["host"]:
        raise AddressRefused("This address names no host.")
    port = _PORTS[scheme]
    if parts["port"] is not None:
        written = _PORT.fullmatch(parts["port"])
        if written is None or int(written[1]) > 65_535:
            raise AddressRefused("The port of this address is not a whole number from 1 to 65535.")
        port = int(written[1])
    return _plain_host(parts["host"]), port


def _plain_host(host: str) -> str:
    """Lower case and ASCII; an IP address in its one usual form. Raises AddressRefused for every other form."""
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1]))
        except ValueError:
            raise AddressRefused("The host of this address is not a correct IPv6 address.") from None
    if not host.isascii():
        if any(character.isdigit() and not character.isascii() for character in host):
            raise AddressRefused("The host of this address has digits of another script. Write them as 0 to 9.")
        try:
            host = idna.encode(host.lower()).decode()
        except idna.IDNAError:
            raise AddressRefused(
                "The host of this address has letters that names on the internet cannot have."
            ) from None
    host = host.lower()
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("The host of this address is not a correct name: check its dots and letters.")
    # As browsers have it: a last part that is a number makes it an IPv4 address.
    if _NUMBER.fullmatch(labels[-1]) and not (_QUAD.fullmatch(host) and all(int(label) < 256 for label in labels)):
        raise AddressRefused("The host of this address is a number. Write an IPv4 address as four numbers with dots.")
    return host


def _raise_for_host(host: str) -> None:
    if ":" in host or _QUAD.fullmatch(host):
        check_address(host)
        return
    if host in _LOCAL_NAMES or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES)):
        raise AddressRefused(f"The name {host} belongs to a local network, not to the public internet.")
    if "." not in host:
        raise AddressRefused(f"The name {host} has no dot, so it is not one of the public internet.")
