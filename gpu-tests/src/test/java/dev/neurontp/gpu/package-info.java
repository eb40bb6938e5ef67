/**
 * Tests of the packaged programs on NCCL and the CUDA driver: with the tags {@code gpu} and {@code multi-gpu} on hardware, {@code
 * nccl} on a real NCCL without a GPU, {@code sim} on the simulated libraries.
 *
 * <p>Arrows: starts {@code bin/neuron}; of the worker's code it uses the probe alone. Nothing uses it.
 */
package dev.neurontp.gpu;
