"""What the API for other agencies has around its routes: callers, problems, bodies, pages of lists, the contract."""
