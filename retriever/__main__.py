"""`python -m retriever` is the command `retriever`."""

from retriever.cli import main

main()
