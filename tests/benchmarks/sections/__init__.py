"""What is measured, a section of the page each."""
