"""The loops over servers, copies and texts that NumPy would make several passes of, compiled.

They run without the interpreter's lock. Codes and places that come from a file are held against the
size of what they are looked up in; tables of the catalogue are trusted.
"""
