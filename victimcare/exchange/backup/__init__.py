"""Backups of the whole database: made while it is written to, sealed, checked, and put back all or nothing."""
