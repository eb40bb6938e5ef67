/** Text of other programs, bounded and cleaned where it enters. */
package dev.neurontp.harness.text;
