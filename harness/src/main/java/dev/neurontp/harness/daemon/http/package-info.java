/** HTTP: who may in, what a request must look like, and what it gets. */
package dev.neurontp.harness.daemon.http;
