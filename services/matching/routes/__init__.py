"""The HTTP door of matching; `app` puts the routers together."""
