/**
 * Models and what can load them: the interface that a daemon offers. This program has no inference engine and refuses
 * every model.
 */
package dev.neurontp.harness.model;
