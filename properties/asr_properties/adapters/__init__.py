"""How `--adapter SPEC` becomes an implementation to judge."""
