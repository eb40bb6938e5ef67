package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.DefaultSignals;
import dev.neurontp.worker.os.Stderr;

/** Says on stderr what a rank was doing when it is ended from outside in the middle of it. */
final class InterruptionNotice implements AutoCloseable {
    private final Thread hook;

    InterruptionNotice(RankIdentity identity, RankThread thread) {
        hook = new Thread(() -> {
            if (thread.isBusy()) {
                Stderr.say("neuron: rank " + identity.rank() + " of " + identity.worldSize()
                        + " is ended in the middle of its work; its last step was " + thread.describe());
                Stderr.flush();
            }
        });
        DefaultSignals.leaveToJava();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook has its turn.
            return;
        }
    }
}
