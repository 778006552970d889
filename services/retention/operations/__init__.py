"""What retention does, in the words of its office. The caller owns the transaction; nothing here commits."""
