"""This program and its peers, measured on the same work in one run, and the page that is written from it."""
