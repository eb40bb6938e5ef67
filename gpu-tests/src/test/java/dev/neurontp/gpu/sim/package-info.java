/**
 * Tests of the stand-in for libcuda and libnccl, through its C functions alone.
 *
 * <p>Arrows: no code of the worker is used here, and nothing uses it.
 */
package dev.neurontp.gpu.sim;
