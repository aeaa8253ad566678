"""The reference implementation knows nothing of the model it is judged by."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_reference_imports_nothing_of_the_model():
    foreign = "[m for m in sys.modules if m.startswith(('asr_model', 'statemachine'))]"
    code = f"import sys, asr_properties.reference; print({foreign})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
