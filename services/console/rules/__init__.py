"""The console's decisions: how statements add up, who may sign in, how a chart is laid out."""
