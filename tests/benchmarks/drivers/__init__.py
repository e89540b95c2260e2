"""What peers and floors run: each a script of its own, for the environment of its own that it is started in."""
