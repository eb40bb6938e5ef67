/** What a report of a bug needs, in one archive: chosen, redacted, and listed before it is written. */
package dev.neurontp.ops.doctor.bundle;
