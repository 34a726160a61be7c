"""What authors of blueprints need: mistakes with file and line, cases to try, a blueprint to start from."""
