"""Only an address that we signed names a ticket."""

import pytest

from mailflow.mail.reply_token import make, make_address, read

KEY, OLD_KEY, OTHER = b"k" * 32, b"o" * 32, b"x" * 32
ADDRESS = make_address(7, KEY, "studio.example")


def test_an_address_of_ours_names_its_ticket():
    assert read(ADDRESS, [KEY]) == 7


def test_the_mac_has_at_least_80_bits():
    assert len(make(7, KEY).partition(".")[2]) * 5 >= 80


@pytest.mark.parametrize("change", [str.upper, str.title, "<{}>".format])
def test_programs_that_change_case_or_add_brackets_do_no_harm(change):
    assert read(change(ADDRESS), [KEY]) == 7


def test_a_rotated_key_still_reads_addresses_in_old_mail():
    assert read(make_address(7, OLD_KEY, "studio.example"), [KEY, OLD_KEY]) == 7


def test_any_local_part_may_carry_the_token():
    assert read(f"support+{make(7, KEY)}@studio.example", [KEY]) == 7


@pytest.mark.parametrize(
    "address",
    [
        make_address(7, OTHER, "studio.example"),
        ADDRESS.replace("t7.", "t8."),
        ADDRESS.replace("t7.", "t07."),
        ADDRESS.replace("t7.", "t٧."),
        ADDRESS.replace("t7.", "t-7."),
        ADDRESS.replace("@", "a@"),
        ADDRESS[: ADDRESS.index("@") - 1] + "@studio.example",
        "reply+t7@studio.example",
        "reply+t7.@studio.example",
        "reply@studio.example",
        "+t" * 50_000,
        "",
    ],
)
def test_what_we_did_not_sign_names_nothing(address):
    assert read(address, [KEY]) is None


def test_every_single_changed_character_of_the_mac_is_refused():
    start, end = ADDRESS.index(".") + 1, ADDRESS.index("@")
    for position in range(start, end):
        other = "a" if ADDRESS[position] != "a" else "b"
        assert read(ADDRESS[:position] + other + ADDRESS[position + 1 :], [KEY]) is None


def test_no_key_reads_nothing():
    assert read(ADDRESS, []) is None
