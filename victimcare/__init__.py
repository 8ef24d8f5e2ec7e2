"""A case officer, and every deadline of the Victims' Code, for each victim from the recording of the crime."""
