/** What a person is told whose command line is wrong: the same words in all programs. */
package dev.neurontp.harness.usage;
