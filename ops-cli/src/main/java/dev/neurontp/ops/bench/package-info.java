/** {@code tpctl bench}. */
package dev.neurontp.ops.bench;
