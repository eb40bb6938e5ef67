/** {@code tpctl}: parse, call, print. No logic lives here that another program could want. */
package dev.neurontp.ops;
