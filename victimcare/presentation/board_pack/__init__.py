"""A board pack as people and machines read it: its document, and every file that is made from that."""
