/** The NVIDIA management library, as far as more than one program here asks it. Only in a process of its own: the driver may hang. */
package dev.neurontp.harness.nvml;
