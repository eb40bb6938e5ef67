/** What the files of a host say: everything below a root folder, so that a test hands in a made-up one. */
package dev.neurontp.ops.doctor.host;
