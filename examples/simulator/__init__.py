"""A small simulator of replication to Azure, with one mistake planted, and the adapter through which it is judged."""

from .adapter import SimulatorAdapter

__all__ = ["SimulatorAdapter"]
