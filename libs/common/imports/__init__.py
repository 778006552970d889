"""Importing a sheet (导入): read before any row is held, judged, good rows in, refused rows back with reasons, the import on record."""
