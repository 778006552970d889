"""An introduction (介绍上岗) from both sides, and what a run means for it."""
