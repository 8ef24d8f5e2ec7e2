"""The only writer of the database: tables, rows to domain values and back, the due projection, audit, outbox."""
