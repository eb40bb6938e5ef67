/** The judge in another build: a JUnit 5 test for each rule of the wire contract, about a worker that a command starts. */
package dev.neurontp.conformance.junit;
