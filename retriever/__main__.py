"""`python -m retriever` is the command `retriever`."""

import sys

from retriever.cli import main

sys.exit(main())
