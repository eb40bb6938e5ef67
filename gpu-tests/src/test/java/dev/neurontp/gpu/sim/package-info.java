/** The stand-in for libcuda and libnccl, tested through its C functions alone: no code of the worker is used here. */
package dev.neurontp.gpu.sim;
