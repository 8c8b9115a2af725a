"""Addresses that must lead nowhere, by family, and a watch over what this process dials.

`{p}` in an address is the port of the canary: a server on every interface of this machine, so that an address that got through would be
heard there, however it is written.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

_HOSTS: dict[str, Sequence[str]] = {
    "loopback": ("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1.2.3"),
    "private": (
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255", "100.64.0.1",
        "100.127.255.254", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.9", "192.88.99.1", "192.175.48.1", "192.31.196.1", "192.52.193.1",
    ),
    "nobody": ("0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    "link-local and metadata": (
        "169.254.1.1", "169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192",
    ),
    "numbers": (
        "2130706433", "0x7f000001", "0X7F000001", "017700000001", "00017700000001", "0x7f.0x0.0x0.0x1", "0177.0.0.01",
        "0x7f.1", "127.1", "127.0.1", "0", "0x0", "127.000.000.001", "0000127.0.0.1", "2852039166", "0xA9FEA9FE",
        "0251.0376.0251.0376", "425.510.425.510", "4294967295", "18446744071562067969", "127.0.0.1.0", "127.0x0.1",
        "1.0x7f", "127.0.0.0x1",
    ),
    "IPv6": (
        "[::1]", "[::]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::7f00:1]",
        "[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "[ff02::1]", "[ff0e::1]",
        "[100::1]", "[2001:db8::1]", "[2001:10::1]", "[2001:20::1]", "[3fff::1]", "[5f00::1]", "[4000::1]", "[::１]",
        "[::1", "::1", "[127.0.0.1]", "[v1.fe80::1]", "[::1]x", "[[::1]]", "[]",
    ),
    "IPv4 in IPv6": (
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::FFFF:169.254.169.254]", "[::ffff:10.0.0.1]",
        "[::ffff:0:127.0.0.1]", "[::1.2.3.4]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::7f00:1]", "[64:ff9b:1::808:808]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:808:808::1]",
        "[2001:0:7f00:1::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[::ffff:0x7f.1]",
    ),
    "zones": ("[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[::1%lo]", "[2606:4700::1111%25lo]", "[fe80::1%251]"),
    "odd letters and digits": (
        "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "١٢٧.٠.٠.١", "१२७.०.०.१", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
        "²¹³⁰⁷⁰⁶⁴³³", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "locaℓhost", "Ⅼocalhost", "lo\u00adcalhost", "local\u200dhost",
        "localhost\ufe0f", "ˡocalhost", "metadata。google。internal", "xn--", "xn--localhost-", "xn--a", "[::ffff:１２７.0.0.1]",
    ),
    "percent signs": (
        "loc%61lhost", "%31%32%37.0.0.1", "127.0.0.1%2eexample.com", "127.0.0.1%00.example.com", "localhost%E3%80%82",
        "127%2e0%2e0%2e1", "%6c%6f%63%61%6c%68%6f%73%74", "127.0.0.1%23.example.com", "127.0.0.1%2f.example.com",
    ),
    "dots": (
        "localhost.", "localhost..", "127.0.0.1.", "127.0.0.1..", "127..0.0.1", ".127.0.0.1", "metadata.google.internal.",
        "2130706433.", "0x7f000001.", "169.254.169.254.", ".", "..",
    ),
    "names of this machine and its network": (
        "localhost", "LOCALHOST", "LocalHost", "db.localhost", "a.b.localhost", "localhost.localdomain",
        "localhost6.localdomain6", "ip6-localhost", "ip6-loopback", "broadcasthost", "printer.local", "nas.home.arpa",
        "router.lan", "git.corp", "wiki.intranet", "intranet", "postgres", "redis", "web.internal", "my.home", "x.private",
        "site.onion", "1.0.0.127.in-addr.arpa.local",
    ),
    "names of clouds and clusters": (
        "metadata.google.internal", "metadata", "METADATA.GOOGLE.INTERNAL", "instance-data", "instance-data.ec2.internal",
        "host.docker.internal", "gateway.docker.internal", "kubernetes.docker.internal", "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local", "kubernetes", "metadata.azure.internal", "rancher-metadata", "opc.internal",
    ),
    "user names": (
        "user@127.0.0.1", "user:secret@127.0.0.1", "example.com@127.0.0.1", "example.com:443@127.0.0.1", "@127.0.0.1",
        "example.com%40127.0.0.1", "a@b@127.0.0.1", "example.com\\@127.0.0.1", "example.com\t@127.0.0.1",
        "example.com@[::1]", "127.0.0.1@localhost", ":@127.0.0.1", "user@localhost", "secret@169.254.169.254",
    ),
    "two hosts at once": (
        "example.com,127.0.0.1", "example.com;127.0.0.1", "127.0.0.1;example.com", "127.0.0.1&example.com",
        "127.0.0.1 example.com", "example.com 127.0.0.1", "127.0.0.1\\.example.com", "example.com\\127.0.0.1",
        "127.0.0.1|example.com", "127.0.0.1<example.com", "127.0.0.1^example.com", "127.0.0.1'example.com",
    ),
    "invisible characters": (
        "127.0.0.1\r\nHost:example.com", "127.0.0.1\x00.example.com", "127.0.0.1\t", "\t127.0.0.1", " 127.0.0.1",
        "127.0.0.1\u2028", "127.0.0.1\u3000", "\u202e1.0.0.721", "\ufeff127.0.0.1", "127.0.0.1\x7f", "127.0.0.1\x85",
        "local\nhost", "127.0\u200b.0.1",
    ),
}  # fmt: skip
"""By family: hosts, to be put into `https://…:{p}/`."""

_WHOLE: dict[str, Sequence[str]] = {
    "no encryption": ("http://127.0.0.1:{p}/", "HTTP://127.0.0.1:{p}/", "http://localhost:{p}/", "http://[::1]:{p}/",
                      "http://example.com/", "http://8.8.8.8:{p}/", "hTTp://10.0.0.1:{p}/"),
    "schemes": (
        "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:{p}/_x",
        "ftp://127.0.0.1:{p}/x", "ftps://127.0.0.1:{p}/x", "sftp://127.0.0.1:{p}/x", "data:text/plain,hello",
        "data:image/png;base64,AAAA", "javascript:alert(1)", "javascript://127.0.0.1:{p}/%0aalert(1)",
        "blob:https://127.0.0.1:{p}/x", "ws://127.0.0.1:{p}/", "wss://127.0.0.1:{p}/", "dict://127.0.0.1:{p}/info",
        "ldap://127.0.0.1:{p}/", "tftp://127.0.0.1:{p}/x", "jar:https://127.0.0.1:{p}/x!/", "netdoc:///etc/passwd",
        "ssh://127.0.0.1:{p}/", "telnet://127.0.0.1:{p}/", "smb://127.0.0.1/x", "http+unix://%2fvar%2frun%2fx/",
        "unix:/var/run/x", "php://filter/x", "expect://id", "s3://bucket/x", "chrome://version", "about:blank",
        "view-source:https://127.0.0.1:{p}/", "https+insecure://127.0.0.1:{p}/", "httpss://127.0.0.1:{p}/",
    ),
    "slashes": (
        "https:127.0.0.1:{p}/", "https:/127.0.0.1:{p}/", "https:///127.0.0.1:{p}/", "https:////127.0.0.1:{p}/",
        "https:\\\\127.0.0.1:{p}\\", "https:/\\127.0.0.1:{p}/", "https:\\/127.0.0.1:{p}/", "//127.0.0.1:{p}/",
        "///127.0.0.1:{p}/", "\\\\127.0.0.1:{p}\\x", "https://", "https://?", "https://#@127.0.0.1:{p}/", "https:///",
        "https://\\127.0.0.1:{p}/", "ht\ttps://127.0.0.1:{p}/", "\x00https://127.0.0.1:{p}/", "\ufeffhttps://127.0.0.1:{p}/",
        "https://127.0.0.1:{p}#@example.com/", "https://127.0.0.1:{p}?@example.com/", "https://127.0.0.1:{p}\\@example.com/",
    ),
    "ports": (
        "https://example.com:0/", "https://example.com:22/", "https://example.com:25/", "https://example.com:80/",
        "https://example.com:587/", "https://example.com:65536/", "https://example.com:-1/", "https://example.com:+443/",
        "https://example.com:0443/", "https://example.com:443:{p}/", "https://example.com:/", "https://example.com:４４３/",
        "https://example.com:0x1bb/", "https://example.com:4 43/", "https://example.com:99999999999/",
        "https://example.com:443@127.0.0.1:{p}/",
    ),
}  # fmt: skip

PUBLIC = "198.41.0.4"
"""An address of the public internet. The watch lets nothing reach it."""


def families(port: int) -> dict[str, list[str]]:
    """Every hostile address by family, the canary's port put in."""
    found = {name: [f"https://{host}:{port}/x.png" for host in hosts] for name, hosts in _HOSTS.items()}
    for name, urls in _WHOLE.items():
        found[name] = [url.replace("{p}", str(port)) for url in urls]
    found["names of clouds and clusters"] += ["https://169.254.169.254/latest/meta-data/iam/", "https://metadata/v1/"]
    found["too long"] = [f"https://127.0.0.1:{port}/{'a' * 8000}", f"https://{'a.' * 130}com:{port}/"]
    return found


FAMILIES = sorted(families(1))


@dataclass
class Watch:
    """dialled: (address, port) of every connection that this process began and that was not `allowed`. heard: how many the canary took."""

    port: int
    dialled: list[tuple[str, int]] = field(default_factory=list)
    heard: int = 0
    allowed: set[tuple[str, int]] = field(default_factory=set)

    def assert_quiet(self) -> None:
        assert (self.dialled, self.heard) == ([], 0)


_on: list[Watch] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Python tells before a connection begins; what this raises stops it. Only this machine's canary can really be reached."""
    if event != "socket.connect" or not _on or not isinstance(arguments[1], tuple):
        return
    address, port = str(arguments[1][0]), int(arguments[1][1])
    if (address, port) in _on[-1].allowed:
        return
    _on[-1].dialled.append((address, port))
    if not ip_address(address.partition("%")[0]).is_loopback:
        raise ConnectionRefusedError("A test reaches nobody.")


sys.addaudithook(_listen)


@contextmanager
def watching() -> Iterator[Watch]:
    """A canary on every interface, and the watch over everything that is dialled meanwhile."""
    with socket.create_server(("", 0)) as canary:
        watch = Watch(canary.getsockname()[1])

        def hear() -> None:
            while True:
                try:
                    connection, _ = canary.accept()
                except OSError:
                    return
                watch.heard += 1
                connection.close()

        listening = threading.Thread(target=hear)
        listening.start()
        _on.append(watch)
        try:
            yield watch
        finally:
            _on.remove(watch)
            canary.shutdown(socket.SHUT_RDWR)
            listening.join(5)
