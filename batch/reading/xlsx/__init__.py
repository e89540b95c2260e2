"""XLSX and XLSM: Office Open XML workbooks."""
