"""The five offices of a node: registry, jobs, matching, retention and the console that shows them."""
