"""What the front ends share: the acts of the day, without asking and without printing."""
