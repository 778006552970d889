"""Matching without a node (离线匹配): what `./xieli match` asks on files, answered with the kernel, the verifier and the plain rules."""
