/** A daemon's settings: TOML, then environment, then options, each value with its origin. */
package dev.neurontp.harness.daemon.settings;
