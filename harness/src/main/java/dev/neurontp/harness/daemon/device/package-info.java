/** The GPUs of this host, as nvidia-smi tells of them. */
package dev.neurontp.harness.daemon.device;
