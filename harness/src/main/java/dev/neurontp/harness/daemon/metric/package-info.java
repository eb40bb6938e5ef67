/** The numbers that Prometheus asks for. */
package dev.neurontp.harness.daemon.metric;
