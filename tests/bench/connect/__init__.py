"""What `bench connect` measures: bulk steps, vetting, the posts that are open to a person."""
