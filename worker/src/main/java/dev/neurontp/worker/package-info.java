/**
 * One rank: a process that answers a leader's requests on stdin with replies on stdout. {@link
 * dev.neurontp.worker.WorkerMain} is its program. A leader in Java that is rank 0 itself gets its communicator from {@link
 * dev.neurontp.worker.Communicators}, which lists all of them.
 *
 * <p>Arrows: uses {@code worker.comm} and its implementations, {@code worker.os} and {@code rpc}. The harness uses it.
 */
package dev.neurontp.worker;
