"""The command line: a thin layer that reads options, calls the library and prints."""
