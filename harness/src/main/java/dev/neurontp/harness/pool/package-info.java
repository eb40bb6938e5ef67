/**
 * The leader's side of the wire: a group of ranks, driven as one.
 *
 * <p>{@link dev.neurontp.harness.pool.WorkerPool} is the entry. {@code PoolLaunch} starts the ranks. A rank is a {@code
 * PoolRank}: a {@code PipeRank} over the pipes of its process, or a {@code LocalRank} in the leader's. {@code Operation}
 * describes what can be asked, {@code Operations} runs it, {@code Exchange} is the one in flight. {@code FailureHandler}
 * ends the pool at the first {@code RankFault}; {@code PoolTermination} ends all ranks and keeps the evidence.
 */
package dev.neurontp.harness.pool;
