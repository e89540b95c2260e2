"""XLSB: binary Office workbooks."""
