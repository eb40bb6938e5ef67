/** {@code tpctl preflight}: whether hosts are fit for a pool. */
package dev.neurontp.ops.preflight;
