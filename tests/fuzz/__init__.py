"""Valid spreadsheets, damaged at random, and what must hold of whatever is read of them.

A short form runs in the suite (`tests/property/test_reading_fuzz.py`), the long one by `make fuzz`.
"""
