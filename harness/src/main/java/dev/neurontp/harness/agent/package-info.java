/**
 * The program {@code neuron --agent}: beside one worker, wherever a launcher has put it. It owns the worker's process, says how it ended,
 * and ends it when its leader is not heard any more.
 */
package dev.neurontp.harness.agent;
