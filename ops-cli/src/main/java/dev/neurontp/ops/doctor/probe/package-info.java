/** Child processes with a bound, which ask what can hang: the driver's libraries. */
package dev.neurontp.ops.doctor.probe;
