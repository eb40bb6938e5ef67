/** NVML through the foreign function interface, in a program of its own: a driver that hangs ends nothing but that. */
package dev.neurontp.ops.doctor.nvml;
