import pytest

from regulation.credit_code import cleaned, problem

VALID = [
    "91350100M000100Y43",  # the standard's own example
    "12420000000000019Q",
    "12420100T000000283",
    "51420000T00000036P",
    "52420100MJT0000455",
    "91420100MA4T000513",
    "11420000T00000060C",
    "12420300T000002200",  # its sum is a multiple of 31
]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes(code):
    assert problem(code) == ""


@pytest.mark.parametrize("code", VALID)
def test_every_slip_in_the_last_place_is_found(code):
    others = set("0123456789ABCDEFGHJKLMNPQRTUWXY") - {code[-1]}
    assert all("校验位" in problem(code[:-1] + other) for other in others)


@pytest.mark.parametrize(
    "code", ["", "1242", "91350100M000100Y4Z", "12420100I000000283", "12420100T0000002831", "湖北"]
)
def test_what_is_no_code_is_told(code):
    assert "18 位" in problem(code)


def test_swapped_neighbours_are_found():
    assert "校验位" in problem("12421000T000000283")


def test_cleaning_takes_full_width_small_letters_and_blanks():
    assert cleaned(" １２４２０１００ｔ0000 00283\n") == "12420100T000000283"
