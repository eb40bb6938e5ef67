/** The daemon's state as the records of its HTTP interface: the one place that knows both. */
package dev.neurontp.harness.daemon.mapper;
