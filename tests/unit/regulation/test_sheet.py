"""The scoring sheet: a hundred points, every item with its article, bands with exact ends."""

from dataclasses import replace

import pytest

from regulation.policy import Policy, policy_of
from regulation.sheet import DEFAULT, KEY, Band, Group, Item, Sheet, problems, sheet_of

ITEM = Item("x", "示例指标", 10, "Art. 4")


def test_the_first_version_has_a_hundred_points_each_tied_to_an_article():
    assert problems(DEFAULT) == []
    assert [group.points for group in DEFAULT.groups] == [15, 20, 15, 20, 20, 10]
    assert all(item.source.startswith("Art. ") for item in DEFAULT.items)


def test_a_snapshot_keeps_the_sheet_beside_the_policy():
    snapshot = Policy().snapshot() | {KEY: DEFAULT.snapshot()}
    assert sheet_of(snapshot) == DEFAULT
    assert policy_of(snapshot) == Policy()
    assert sheet_of(Policy().snapshot()) is None


@pytest.mark.parametrize(
    ("mark", "band"),
    [
        (10, Band.EXCELLENT),
        (9, Band.EXCELLENT),
        (8, Band.GOOD),
        (7, Band.GOOD),
        (6, Band.FAIR),
        (5, Band.POOR),
        (0, Band.POOR),
    ],
)
def test_a_band_begins_at_its_lower_end(mark, band):
    assert DEFAULT.band(ITEM, mark) is band
    assert DEFAULT.must_explain(ITEM, mark) is (band in {Band.EXCELLENT, Band.POOR})


def test_ends_are_exact():
    assert DEFAULT.band(replace(ITEM, points=7), 6) is Band.GOOD  # 85.7 %
    assert DEFAULT.band(replace(ITEM, points=3), 2) is Band.FAIR  # 66.7 %


@pytest.mark.parametrize(
    ("sheet", "fields"),
    [
        (Sheet((Group("一", (replace(ITEM, points=99),)),)), {"items"}),
        (Sheet((Group("一", (replace(ITEM, points=0, title="", source=""),)),)),
         {"items.1.title", "items.1.points", "items.1.source", "items"}),
        (Sheet((Group("一", (replace(ITEM, points=50), replace(ITEM, points=50))),)), {"items"}),
        (Sheet(()), {"items"}),
        (Sheet(DEFAULT.groups, (60, 70, 90)), {"bands"}),
        (Sheet(DEFAULT.groups, (101, 70, 60)), {"bands"}),
        (Sheet((*DEFAULT.groups, Group("空", ()))), {"items"}),
    ],
    ids=["99 points", "empty", "twice", "none", "bands upside down", "above all", "empty group"],
)  # fmt: skip
def test_everything_wrong_is_told(sheet, fields):
    assert {fault.field for fault in problems(sheet)} == fields
