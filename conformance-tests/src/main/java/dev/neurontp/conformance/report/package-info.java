/** What a run found, for people and for machines. */
package dev.neurontp.conformance.report;
