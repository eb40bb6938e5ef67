/** The node's daemon: live pools behind HTTP. */
package dev.neurontp.harness.daemon;
