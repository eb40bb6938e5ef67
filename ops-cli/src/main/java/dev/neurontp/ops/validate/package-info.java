/** {@code tpctl validate}: whether the GPUs of a pool compute, copy and talk as they should, with a verdict for each line. */
package dev.neurontp.ops.validate;
