"""What pages, letters and packs share: the Jinja environment, macros, dates in words."""
