"""A program in any language as an implementation: JSON-RPC 2.0 over stdin and stdout, one document per line.

Imports `contract`, and nothing of the model: what the methods take and give is declared there.
"""

from asr_properties.adapters.stdio.adapter import NoReply, StdioAdapter
from asr_properties.adapters.stdio.spec import InvalidSpec, Spec, parse

__all__ = ["InvalidSpec", "NoReply", "Spec", "StdioAdapter", "parse"]
