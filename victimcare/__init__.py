"""A case officer, and every deadline of the Victims' Code, for each victim of crime."""
