"""An address that somebody types is of the public internet, and nothing inside the force."""

import pytest

from victimcare.domain.webhook_address import AddressRefused, check_address, is_allowed

INSIDE = (
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2001:db8::1",
    "2001:0:1::1",
    "2002:a00:1::1",
    "no address",
)
OUTSIDE = ("8.8.8.8", "51.140.1.1", "2606:4700::1111", "2a00:1450::1")


@pytest.mark.parametrize("address", INSIDE)
def test_no_connection_is_made_to_what_is_not_of_the_public_internet(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_connection_may_be_made_to_the_public_internet(address: str) -> None:
    assert is_allowed(address)


def test_this_machine_is_reached_in_development_and_nothing_else_inside() -> None:
    assert is_allowed("127.0.0.1", loopback=True)
    assert is_allowed("::1", loopback=True)
    others = [each for each in INSIDE if not each.startswith("127.") and each != "::1"]
    assert not [each for each in others if is_allowed(each, loopback=True)]


@pytest.mark.parametrize(
    "url",
    [
        "http://court.example/told",
        "ftp://court.example/told",
        "//court.example/told",
        "court.example",
        "https://",
        "https:///told",
        "javascript:alert(1)",
        "https://user@court.example/told",
        "https://user:secret@court.example/told",
        "https://court.example/told?key=secret",
        "https://court.example/told#there",
        "https://court.example/told?",
        "https://court.example\\@10.0.0.1/",
        "https://court.example/to ld",
        "https://court.example/t\u00f6ld",
        "https://court.example:99999/",
        "https://court.example:port/",
        "https://[::1/",
        "https://127.0.0.1/told",
        "https://10.0.0.1/told",
        "https://[::1]/told",
        "https://[::ffff:10.0.0.1]/told",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/told",
        "https://any.localhost/told",
        "http://127.0.0.1:8000/told",
        f"https://court.example/{'x' * 400}",
        "",
    ],
)
def test_what_can_be_seen_to_be_wrong_is_refused_when_it_is_typed(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"^Enter "):
        check_address(url)


@pytest.mark.parametrize("url", ["https://court.example/told", "https://court.example:8443", "https://8.8.8.8/told"])
def test_an_address_of_the_public_internet_is_taken(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/told", "http://localhost/told", "https://[::1]:8443/told"])
def test_this_machine_is_taken_in_development(url: str) -> None:
    check_address(url, loopback=True)
    with pytest.raises(AddressRefused):
        check_address("http://court.example/told", loopback=True)
    with pytest.raises(AddressRefused):
        check_address("https://10.0.0.1/told", loopback=True)
