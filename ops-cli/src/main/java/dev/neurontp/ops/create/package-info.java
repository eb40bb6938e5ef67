/** {@code tpctl create} and {@code tpctl apply}: what a new pool shall be, and the request for it. */
package dev.neurontp.ops.create;
