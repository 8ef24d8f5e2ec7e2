"""The read side: SQL in, frozen views out, always scoped by person."""
