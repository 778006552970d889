"""Regions: who exchanges events with whom."""

import pytest

from deploy.local.regions import UnknownNode, all_regions, region_of, regions_of


def test_whoever_hears_a_partner_is_heard_by_it() -> None:
    regions = all_regions()
    for region in regions.values():
        assert all(region.node in regions[partner].partners for partner in region.partners)


def test_counties_do_not_mirror_counties_nor_cities_cities() -> None:
    regions = all_regions()
    for region in regions.values():
        assert all(regions[partner].role != region.role for partner in region.partners)


def test_everyone_exchanges_events_with_the_province() -> None:
    assert set(region_of("430000").partners) == set(all_regions()) - {"n430000"}


def test_a_node_is_found_by_its_name_or_by_the_bare_code() -> None:
    assert region_of("433124") is region_of("n433124")


def test_an_unknown_node_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownNode, match=r"999999.*n433124"):
        region_of("999999")


def test_no_names_mean_all_regions_in_their_order() -> None:
    assert [region.node for region in regions_of([])] == list(all_regions())
    assert [region.node for region in regions_of(["440300", "n433124"])] == ["n433124", "n440300"]
