package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.util.List;

/**
 * What a pool shall be, checked and complete.
 *
 * @param command what the workers are started with
 */
public record PoolPlan(
        int worldSize,
        List<Long> devices,
        CommunicatorProvider communicator,
        List<String> command,
        Deadlines deadlines) {
    public PoolPlan {
        devices = List.copyOf(devices);
        command = List.copyOf(command);
    }
}
