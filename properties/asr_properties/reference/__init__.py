"""A reference implementation: a simulator of the replicated item's lifecycle, in both profiles, on virtual time.

Written from the facts and the contract alone, independently of the formal model, so that the two check each other.
Where the contract leaves an outcome open the reference shows every allowed one (module `freedom`). It imports
`contract.errors` and nothing else of the suite; an import contract forbids it the model.
"""

from .classic import ClassicItem, create_classic
from .freedom import CHOICES, DRAWN, Chosen, Fixed, Freedom, Varied, check_choice
from .item import CommonItem
from .modernized import ReplicatedItem
from .service import ReferenceService, create

__all__ = [
    "CHOICES",
    "DRAWN",
    "Chosen",
    "ClassicItem",
    "CommonItem",
    "Fixed",
    "Freedom",
    "ReferenceService",
    "ReplicatedItem",
    "Varied",
    "check_choice",
    "create",
    "create_classic",
]
