"""The story: a labourer from Huayuan identified, matched, introduced, hired and kept, told as a client over HTTP."""
