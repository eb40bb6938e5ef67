/** What a check is, and how one is run against a worker and judged. */
package dev.neurontp.conformance.check;
