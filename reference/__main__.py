"""Writes the reference: see the package."""

from reference import FOLDER, write

if __name__ == "__main__":
    write(FOLDER)
