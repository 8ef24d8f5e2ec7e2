"""`python -m victimcare` is the same as `victimcare`."""

from victimcare.cli import main

if __name__ == "__main__":
    main()
