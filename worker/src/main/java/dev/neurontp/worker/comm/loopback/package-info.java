/** A communicator over plain TCP, without a GPU. docs/loopback.md is its protocol, byte by byte. */
package dev.neurontp.worker.comm.loopback;
