"""Every odd way to write an address. What is not plain is refused, with a sentence about this very value."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from studio.media.address import AddressRefused, Target, check_address, check_url, is_public

GOOD = {
    "https://example.com": Target("https", "example.com", 443),
    "HTTPS://Example.COM/a/b.mp4?sig=%2Fx%3D#t=1": Target("https", "example.com", 443),
    "https://example.com:8443/x": Target("https", "example.com", 8443),
    "https://my_bucket.s3.amazonaws.com/x": Target("https", "my_bucket.s3.amazonaws.com", 443),
    "https://8.8.8.8/x": Target("https", "8.8.8.8", 443),
    "https://[2606:4700:4700:0:0:0:0:1111]/x": Target("https", "2606:4700:4700::1111", 443),
    "https://bücher.example.com/": Target("https", "xn--bcher-kva.example.com", 443),
    "https://example.com/ünïcode/名.png": Target("https", "example.com", 443),
    "https://example.com?next=http://127.0.0.1/": Target("https", "example.com", 443),
    "https://example.com/@127.0.0.1/": Target("https", "example.com", 443),
    "https://127.0.0.1.nip.io/": Target("https", "127.0.0.1.nip.io", 443),  # Its address is checked when it is known.
}

HOSTILE = [
    # Not the web.
    "",
    "example.com/x",
    "//example.com/x",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://example.com/x",
    "gopher://example.com:70/_x",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "https:example.com",
    "https:/example.com",
    "https:///example.com",
    "https://",
    "https://?x",
    "http+unix://example.com/x",
    # No encryption.
    "http://example.com/x",
    "http://8.8.8.8/x",
    # Somebody's name and password; a host behind a host.
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com:443@127.0.0.1:443/",
    "https://@example.com/",
    "https://example.com%40127.0.0.1/",
    # This machine and its networks.
    "https://localhost/",
    "https://LOCALHOST:8443/",
    "https://localhost./",
    "https://db.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://intranet/",
    "https://router.lan/",
    "https://nas.home.arpa/",
    "https://127.0.0.1/",
    "https://127.1.2.3:8443/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://240.0.0.1/",
    "https://192.0.2.1/",
    # The same in other clothes.
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.000.000.001/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://00.0.0.0/",
    "https://127.0.0.1./",
    "https://8.8.8.8./",
    "https://8.8.8.256/",
    "https://1.2.3.4.5/",
    "https://example.0x7f/",
    "https://example.123/",
    "https://①②⑦.0.0.1/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    # IPv6.
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::808:808]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:808:808::1]/",
    "https://[2001:0:1::1]/",
    "https://[2001:db8::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[2606:4700::1%25lo]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[fec0::1]/",
    "https://[::1",
    "https://::1/",
    "https://[::1]x/",
    "https://[v1.fe80::1]/",
    "https://[127.0.0.1]/",
    "https://[]/",
    # Ports.
    "https://example.com:/",
    "https://example.com:0/",
    "https://example.com:22/",
    "https://example.com:25/",
    "https://example.com:80/",
    "https://example.com:65536/",
    "https://example.com:99999/",
    "https://example.com:-1/",
    "https://example.com:+443/",
    "https://example.com:0443/",
    "https://example.com:４４３/",
    "https://example.com:443:8000/",
    "https://example.com:http/",
    "https://127.0.0.1:443#@example.com/",
    # What parsers disagree about.
    "https://example.com\\@127.0.0.1/",
    "https:\\\\example.com\\x",
    "https://example.com\\x",
    " https://example.com/",
    "https://example.com/ ",
    "https://example.com/a b",
    "https://exam\tple.com/",
    "https://example.com\r\nHost: 127.0.0.1/",
    "https://example.com/\x00",
    "https://example.com/x\r\nX-Key: 1",
    "https://example.com\u2028/",
    "https://exa\u200bmple.com/",
    "https://exa\u00admple.com/",
    "https://\u202eexample.com/",
    "https://%31%32%37.0.0.1/",
    "https://example%2ecom/",
    "https://example..com/",
    "https://.example.com/",
    "https://example.com./",
    "https://-example.com/",
    "https://example.com,127.0.0.1/",
    "https://example.com;127.0.0.1/",
    "https://example.com&127.0.0.1/",
    "https://exam<ple.com/",
    "https://127.0.0.1;example.com/",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 130 + "com/",
    "https://example.com/" + "a" * 8000,
    "https://xn--/",
    "https://exa℡mple.com/",
]


@pytest.mark.parametrize("url", GOOD)
def test_a_plain_address_is_read(url: str) -> None:
    assert check_url(url) == GOOD[url]


@pytest.mark.parametrize("url", HOSTILE, ids=[ascii(url)[:60] for url in HOSTILE])
def test_an_odd_or_private_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "secret" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.com/x?key=secret", "The address of example.com begins with http://. Only https:// is opened."),
        ("https://127.0.0.1/", "The address 127.0.0.1 is not on the public internet."),
        ("https://localhost/", "The name localhost belongs to a local network, not to the public internet."),
        ("https://example.com:25/", "Port 25 of example.com is not one that files or APIs are served on. Use 443."),
        ("ftp://example.com/", "Addresses that begin with ftp:// are not opened. Use https://."),
    ],
)
def test_the_sentence_says_what_is_wrong_with_it(url: str, sentence: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    assert str(refused.value) == sentence


def test_the_operator_may_allow_a_host_and_port_and_nothing_beside_it(settings: Settings) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1:8123", "Ollama:11434", "[::1]:9000", "models.lan:443"]
    assert check_url("http://127.0.0.1:8123/x").port == 8123
    assert check_url("http://ollama:11434/api").host == "ollama"
    assert check_url("http://[0:0::1]:9000/").host == "::1"
    assert check_url("https://models.lan/").port == 443
    check_address("10.1.2.3", "ollama", 11434)
    for url in (
        "http://127.0.0.1:8124/",
        "http://127.0.0.1/",
        "http://2130706433:8123/",
        "http://localhost:8123/",
        "http://user@127.0.0.1:8123/",
        "http://ollama:11435/",
        "http://models.lan/",
    ):
        with pytest.raises(AddressRefused):
            check_url(url)
    with pytest.raises(
        AddressRefused, match=r"The name ollama leads to 10\.1\.2\.3, which is not on the public internet\."
    ):
        check_address("10.1.2.3", "ollama", 80)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["", "example.com", "::ffff:8.8.8.8", "64:ff9b::a00:1", "4000::1", "100.64.0.1", "2001::1"]
)
def test_addresses_that_are_not(address: str) -> None:
    assert not is_public(address)
