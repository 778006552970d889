"""How the house is put up: the one command, nodes on one machine, images and the story."""
