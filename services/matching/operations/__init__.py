"""What matching does, one file for each of its works; the caller owns the transaction."""
