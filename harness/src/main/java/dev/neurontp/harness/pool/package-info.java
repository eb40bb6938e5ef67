/**
 * The leader's side of the wire: a group of worker processes, driven as one.
 *
 * <p>{@link dev.neurontp.harness.pool.WorkerPool} is the way in. Behind it {@code Group} holds the one operation in
 * flight, the state and the end; a {@code RankChannel} is the pipe to one worker, {@code WorkerProcess} its process;
 * {@code GroupEnd} and {@code RankEnding} take a group down and write down how.
 */
package dev.neurontp.harness.pool;
