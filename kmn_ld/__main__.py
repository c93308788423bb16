"""Lets `python -m kmn_ld` stand for the command `kmn-ld`."""

from kmn_ld.cli import main

if __name__ == "__main__":
    main(prog_name="kmn-ld")
