"""`python -m asr_conformance` is the command `asr-conformance`, where no script of it is on the PATH."""

from asr_properties.cli.main import main

if __name__ == "__main__":
    main()
