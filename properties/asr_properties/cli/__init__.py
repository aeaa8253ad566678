"""The command line: reads options, calls the library, prints, and ends with an exit status.

One file a command, and beside them what commands share. Imports everything below it; nothing imports it.
"""
