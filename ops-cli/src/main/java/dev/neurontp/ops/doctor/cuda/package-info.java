/** The program that copies between GPUs through the CUDA driver. */
package dev.neurontp.ops.doctor.cuda;
