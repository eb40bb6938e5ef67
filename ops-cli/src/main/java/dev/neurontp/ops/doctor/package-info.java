/** {@code tpctl doctor}: what is wrong with this host before a pool starts. Reads only. */
package dev.neurontp.ops.doctor;
