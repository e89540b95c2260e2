"""The run, read top to bottom like the flow: reading, columns, normalise, validate, plan, submit, results."""
