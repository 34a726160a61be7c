package main

import (
	"cmp"
	"runtime/debug"
)

// Set by the linker in a container build: -X main.version=… -X main.revision=…
var version, revision string

// build returns what this binary was built from. Outside of a container, where the linker is told nothing,
// it is what the go command recorded from git.
func build() (string, string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	recorded := ""
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			recorded = setting.Value
		}
	}
	return cmp.Or(version, info.Main.Version, "unknown"), cmp.Or(revision, recorded, "unknown")
}
