"""Starter kits: a small working adapter a language, with its instructions. `asr-conformance new-adapter` copies one."""
