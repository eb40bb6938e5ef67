/** The checks: each is a function of what was found out about the host. */
package dev.neurontp.ops.doctor.check;
