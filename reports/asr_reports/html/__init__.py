"""HTML reports: one file each, which needs no network and runs nothing but its own script."""

from typing import Final

MARK: Final = "<!-- asr-conformance report -->"
"""Stands at the beginning of each page."""

LARGEST: Final = 10_000_000
"""Bytes that a page may have. What does not fit is left out, and the page says so."""
