"""The decisions of retention: owners of verification, the transfer clock, the retention rate, what a claim lacks."""
