"""``python -m bplearn`` is the same as ``bplearn``."""

from bplearn.cli import main

if __name__ == "__main__":
    main(prog_name="bplearn")
