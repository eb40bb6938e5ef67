/** A validation of GPUs: what is run, what came out, and the verdict; with its reports as JSON, JUnit, Markdown and HTML. */
package dev.neurontp.harness.validate;
