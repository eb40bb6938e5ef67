package dev.neurontp.harness.validate;

import java.util.List;

/** A pool that is up and joined in a daemon, and stays so. */
public final class JoinedPool implements GroupSource {
    private final PoolCalls calls;

    public JoinedPool(PoolCalls calls) {
        this.calls = calls;
    }

    @Override
    public List<String> command() {
        return calls.command();
    }

    @Override
    public String communicator() {
        return calls.communicator();
    }

    @Override
    public Group open() {
        return new JoinedGroup(calls);
    }

    @Override
    public boolean isOwn() {
        return false;
    }
}
