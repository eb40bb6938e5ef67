/** What a daemon is told: TOML, then environment, then options, each value with the place that it came from. */
package dev.neurontp.harness.daemon.settings;
