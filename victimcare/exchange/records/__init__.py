"""Records of a force's own systems: one schema, files in it, and what becomes of each record here."""
