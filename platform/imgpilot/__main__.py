"""`python -m imgpilot`: the same as the command `imgpilot`, with the Python that is running."""

from imgpilot.cli import main

main(prog_name="imgpilot")
