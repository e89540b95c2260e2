"""`python -m batch` is the same program as `flireo-batch`."""

from batch.cli import main

if __name__ == "__main__":
    main()
