/**
 * NCCL through the foreign function interface, the CUDA driver through JCuda. Nothing of either is loaded before a rank's
 * init. docs/nccl.md tells the whole story.
 */
package dev.neurontp.worker.comm.nccl;
