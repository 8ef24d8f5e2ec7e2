"""Names that nobody takes for real ones: "Rowan Example-Lapwing" works here, "Opal Example-Meadow" is a victim."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

_TREES = "Alder Aspen Birch Briar Cedar Cypress Elder Fern Hawthorn Hazel Holly Ivy Juniper Laurel Linden Maple Rowan"
_BIRDS = "Bittern Curlew Dunlin Fieldfare Goldcrest Lapwing Linnet Plover Siskin Whinchat"
_STONES_AND_FLOWERS = (
    "Agate Amber Basil Beryl Bramble Bryony Citrine Clover Coral Cornflower Flint Foxglove Garnet Heather Hyssop Iris "
    "Jade Jasper Lavender Lichen Lilac Mallow Marigold Mica Moss Nettle Onyx Opal Pearl Pebble Poppy Primrose Quartz "
    "Reed Rosemary Ruby Rush Saffron Sage Sedge Slate Sorrel Tansy Teasel Thistle Thyme Topaz Violet Yarrow"
)
_PLACES = (
    "Bridge Brook Causeway Common Copse Dale Dyke Fallow Fen Ferry Field Ford Furlong Gate Glade Green Grove Harbour "
    "Heath Hill Hollow Lane Ley Lock Marsh Mead Meadow Mill Moor Orchard Paddock Pasture Path Pond Quay Ridge Shore "
    "Spinney Spring Stile Thicket Tor Tower Vale Water Weir Wharf Wood Yard"
)
FIRST_NAMES_OF_VICTIMS = tuple(_STONES_AND_FLOWERS.split())
LAST_NAMES_OF_VICTIMS = tuple(f"Example-{place}" for place in _PLACES.split())


def staff_names(chance: Random) -> Iterator[str]:
    """A tree and a bird each, no name twice."""
    names = [f"{tree} Example-{bird}" for tree in _TREES.split() for bird in _BIRDS.split()]
    chance.shuffle(names)
    return iter(names)


def victim_name(chance: Random) -> str:
    """A stone or flower and a place; two victims may have the same name, as in life."""
    return f"{chance.choice(FIRST_NAMES_OF_VICTIMS)} {chance.choice(LAST_NAMES_OF_VICTIMS)}"
