"""A reference implementation: a simulator of the replicated item's lifecycle, modernized profile, on virtual time.

Written from the facts and the contract alone, independently of the formal model, so that the two check each other.
Where the contract leaves an outcome open the reference shows every allowed one (module `freedom`).
"""

from .freedom import CHOICES, Fixed, Freedom, Varied
from .item import Item
from .modernized import ReplicatedItem
from .service import ReferenceService, create

__all__ = ["CHOICES", "Fixed", "Freedom", "Item", "ReferenceService", "ReplicatedItem", "Varied", "create"]
