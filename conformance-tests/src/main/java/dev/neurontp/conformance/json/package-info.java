/** The judge's own strict reading of JSON (RFC 8259), written for this suite alone. */
package dev.neurontp.conformance.json;
