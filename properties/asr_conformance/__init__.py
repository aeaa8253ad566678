"""To be run, by the name of the distribution: `python -m asr_conformance`. What is to be imported: `asr_properties`."""
