/**
 * What a communicator is: how a rank joins a group, reduces and leaves, and how a comm_id is created. No implementation.
 *
 * <p>Arrows: uses {@code rpc} and {@code worker.collective}. The implementations in the packages below use it, and so do the worker and
 * the harness; it knows none of them.
 */
package dev.neurontp.worker.comm;
