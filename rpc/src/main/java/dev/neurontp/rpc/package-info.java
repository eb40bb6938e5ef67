/**
 * The wire contract between a leader and its workers: newline-delimited JSON, one request, one reply.
 *
 * <p>{@code wire-contract.json} next to this package is the contract as data; {@code docs/wire-contract.md} is the same
 * for people. Rule ids such as F8 or O4 in the Javadoc refer to it. The package has no threads, no sockets and no
 * processes: bytes in, records out.
 *
 * <p>Arrows: every other module may use it; it uses nothing of this project.
 */
package dev.neurontp.rpc;
