/**
 * A communicator over plain TCP, without a GPU. docs/loopback.md is its protocol, byte by byte.
 *
 * <p>Arrows: uses {@code worker.comm} and {@code rpc}. Only the list in {@code worker.Communicators} names it.
 */
package dev.neurontp.worker.comm.loopback;
