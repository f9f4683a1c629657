import pytest

from retriever.errors import UsageError
from retriever.listening import Address

TOKEN = "a-token-of-24-characters"  # noqa: S105  of no server


def test_this_machine_alone_needs_no_token():
    Address().check()
    assert Address().hosts(8377) == {"127.0.0.1:8377", "localhost:8377"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1", "localhost", "192.0.2.7", "notes.example"])  # noqa: S104  refused
@pytest.mark.parametrize("given", [{}, {"token": TOKEN}, {"allowed": ("notes.example",)}])
def test_any_other_address_needs_a_token_and_a_named_host(host, given):
    with pytest.raises(UsageError, match="needs a token and the name"):
        Address(host=host, **given).check()
    Address(host=host, token=TOKEN, allowed=("notes.example",)).check()


@pytest.mark.parametrize(
    "token", ["", "short", "x" * 15, "with a space in it, long", "semicolons;are;not;it", "é" * 20]
)
def test_a_token_is_long_and_fits_a_header_and_a_cookie(token):
    with pytest.raises(UsageError, match="16 characters or more"):
        Address(token=token).check()


@pytest.mark.parametrize("name", ["", "http://notes.example", "a b", "notes.example/", "*", "x:y", "x:123456"])
def test_what_is_no_name_of_a_host_is_refused(name):
    with pytest.raises(UsageError, match="not the name of a host"):
        Address(allowed=(name,)).check()


def test_a_name_is_answered_with_and_without_our_port_and_one_with_a_port_only_so():
    settings = Address(host="192.0.2.7", token=TOKEN, allowed=("Notes.example", "other.example:443", "[2001:db8::1]"))
    settings.check()
    assert settings.hosts(80) == {
        "notes.example",
        "notes.example:80",
        "other.example:443",
        "[2001:db8::1]",
        "[2001:db8::1]:80",
    }
