"""The write side: one verb a file. Commands take a connection in a transaction, `by` and `now`; they never commit."""
