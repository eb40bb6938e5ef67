/**
 * What Java itself cannot do with a process and its descriptors: poll, write whatever the mode, exit without handlers, notice that it
 * stood still. Calls the C library through the foreign function interface.
 *
 * <p>Arrows: uses nothing of this project; every package of the worker and the harness may use it.
 */
package dev.neurontp.worker.os;
