"""Fire for the program: killed at random moments, against a sandbox that loses answers; and its pace, measured."""
