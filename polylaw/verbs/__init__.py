"""What a caller asks: find, check, count.  Each dispatches on what it is given."""
