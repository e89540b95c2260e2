"""The page and its plots, made from the results file alone."""
