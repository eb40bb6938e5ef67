/** The events of a daemon: in order, the newest kept. */
package dev.neurontp.harness.daemon.event;
