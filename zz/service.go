package main

// What this service says of itself, and where it listens unless PORT says otherwise.
const (
	name        = "zz"
	description = "The zz service"
	defaultPort = 8080
)
