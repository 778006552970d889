"""The only SQL of retention, one file for each thing it keeps."""
