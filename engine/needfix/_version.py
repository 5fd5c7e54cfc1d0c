"""The version of needfix, stated once: for the package, the command, reports and the build."""

__version__ = "0.1.0"
