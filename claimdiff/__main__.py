"""`python -m claimdiff` is the command `claimdiff`."""

import sys

from claimdiff.cli import main

if __name__ == "__main__":
    sys.exit(main())
