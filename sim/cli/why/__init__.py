"""What a spiral hung on, as it is printed."""
