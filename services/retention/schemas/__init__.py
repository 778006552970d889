"""The shapes on retention's door: what is sent and what is answered, with the domain's words beside them."""
