"""Formats that other programs take: JUnit XML, CTRF, SARIF, and the Markdown of a step summary."""
