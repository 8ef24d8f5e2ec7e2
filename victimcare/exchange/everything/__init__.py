"""All of one's own data: out into one sealed file that others can read, and into an empty installation again."""
