"""The kinds of event: their names in `kind`, what is true of them in a module for each stage of the journey."""
