/** {@code tpctl}'s commands on pools that live in a daemon. */
package dev.neurontp.ops.pool;
