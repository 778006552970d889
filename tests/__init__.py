"""What must hold: unit, integration, contract, architecture and end-to-end tests."""
