"""What people may ask about their own data: a copy, an end, an answer; and what goes when its time is over."""
