/** Archives of reports, for a person who sends them on. */
package dev.neurontp.harness.archive;
