"""An id belongs to the item that had it first; only the ids of the last items are remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr_properties.specification.relations.id_owners import REMEMBERED_ITEMS, IdOwners


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=60))
def test_an_id_belongs_to_the_item_that_had_it_first(seen):
    owners, first, item = IdOwners(), {}, 0
    for identifier, later in seen:
        item += later
        assert owners.owner(identifier, item) == first.setdefault(identifier, item)


@given(per_item=st.integers(1, 5), items=st.integers(1, 300))
def test_ids_are_remembered_for_the_last_items_only(per_item, items):
    owners = IdOwners()
    for item in range(items):
        for n in range(per_item):
            owners.owner(f"{item}-{n}", item)
    assert len(owners._owners) <= (REMEMBERED_ITEMS + 1) * per_item
    oldest = max(0, items - 1 - REMEMBERED_ITEMS)
    assert owners.owner(f"{oldest}-0", items) == oldest
