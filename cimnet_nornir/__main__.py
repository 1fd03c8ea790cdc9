"""`python -m cimnet_nornir` is the command line."""

from cimnet_nornir.cli import main

main()
