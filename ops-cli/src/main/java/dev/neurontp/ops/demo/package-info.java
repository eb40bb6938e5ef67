/** {@code tpctl demo}. */
package dev.neurontp.ops.demo;
