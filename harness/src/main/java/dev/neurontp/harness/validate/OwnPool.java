package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import java.util.List;
import java.util.Optional;

/** A pool that a validation starts for itself and takes down. */
public final class OwnPool implements GroupSource {
    private final List<String> command;
    private final List<Long> devices;
    private final PoolOptions options;
    private final Diagnostics diagnostics;

    /**
     * Starts nothing yet.
     *
     * @param devices the GPU of each rank
     */
    public OwnPool(List<String> command, List<Long> devices, PoolOptions options) {
        this.command = List.copyOf(command);
        this.devices = List.copyOf(devices);
        this.options = options;
        this.diagnostics = new Diagnostics(options.communicator());
    }

    @Override
    public List<String> command() {
        return command;
    }

    @Override
    public String communicator() {
        return options.communicator().name();
    }

    /** Starts the workers; they may still fail to answer. */
    @Override
    public Group open() throws GroupLostException, InterruptedException {
        try {
            return new OwnGroup(WorkerPool.spawn(command, devices.size(), devices, diagnostics.in(options))
                    .endOnExit());
        } catch (PoolException e) {
            throw OwnGroup.lost(e);
        }
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public Optional<CaseResult> diagnostics() {
        return diagnostics.result();
    }
}
