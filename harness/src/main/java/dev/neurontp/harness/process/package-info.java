/**
 * Processes on this host: how one is started, what identifies it, what it writes, how it ended, and the processes below it.
 * Nothing here knows a pool.
 */
package dev.neurontp.harness.process;
