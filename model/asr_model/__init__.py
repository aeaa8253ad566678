"""What is right: the requirements, the lifecycle that is declared from them, and what is derived from that.

The package reads and writes nothing, and it imports nothing of `asr_reports` or `asr_properties`.
"""
