/** {@code tpctl up}: a daemon of its own with one pool, and its end. */
package dev.neurontp.ops.up;
