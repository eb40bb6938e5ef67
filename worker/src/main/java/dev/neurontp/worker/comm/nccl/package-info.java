/**
 * NCCL through the foreign function interface, the CUDA driver through JCuda. Nothing of either is loaded before a rank's
 * init. docs/nccl.md describes it all.
 *
 * <p>Arrows: uses {@code worker.comm}, {@code worker.library}, {@code worker.os} and {@code rpc}. Only the list in {@code worker.Communicators} names it.
 */
package dev.neurontp.worker.comm.nccl;
