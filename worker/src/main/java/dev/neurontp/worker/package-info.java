/**
 * One rank: a process that answers a leader's requests on stdin with replies on stdout. {@link
 * dev.neurontp.worker.WorkerMain} is its program; a leader in Java uses {@link dev.neurontp.worker.comm} for its own
 * rank 0.
 */
package dev.neurontp.worker;
