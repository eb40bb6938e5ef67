/** {@code tpctl conformance}: parses options, runs the suite, prints what it found. */
package dev.neurontp.ops.conformance;
