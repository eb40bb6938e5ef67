/** The checks, by the chapters of the contract. Expectations are derived from its text by hand. */
package dev.neurontp.conformance.catalogue;
