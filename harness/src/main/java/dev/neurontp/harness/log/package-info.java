/** The log of every mode but a worker's: which records are written, and how a record reads. */
package dev.neurontp.harness.log;
