"""`python -m needfix` is the command `needfix`."""

import sys

from needfix.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
