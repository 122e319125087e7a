"""Companies by domain, and addresses that are nobody's."""

import pytest

from mailflow.contacts.companies import company_of, contact_address


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("a@example.com", "example.com"),
        ("a@mail.eu.example.com", "example.com"),
        ("a@example.co.uk", "example.co.uk"),
        ("a@example.com.br", "example.com.br"),
        ("a@gmail.com", ""),
        ("a@localhost", ""),
        ("", ""),
    ],
)
def test_the_company_is_the_domain_that_was_bought(address: str, company: str) -> None:
    assert company_of(address) == company


@pytest.mark.parametrize(
    "address",
    ["ada+tag@example.com", "first-last@example.com", "a=b@example.com", "x@bücher.example"],
)
def test_unusual_people_are_people(address: str) -> None:
    assert contact_address(address) is not None
