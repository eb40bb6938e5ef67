/** Models and what can load them: the surface that a daemon offers, with an honest refusal where nothing is behind it. */
package dev.neurontp.harness.model;
