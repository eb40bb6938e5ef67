/**
 * The program {@code neuron} as a leader: {@code NeuronMain} reads the arguments and starts the daemon or the one-shot check
 * of a group. Everything below it is a library and knows no command line.
 */
package dev.neurontp.harness;
