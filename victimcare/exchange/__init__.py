"""Data in and out: police open data, later other agencies' files and exports."""
