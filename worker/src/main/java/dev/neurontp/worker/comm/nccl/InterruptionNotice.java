package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.DefaultSignals;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.Stderr;

/** Says on stderr what a rank was doing when it is ended from outside in the middle of it. */
final class InterruptionNotice implements AutoCloseable {
    private final ExitHook hook;

    InterruptionNotice(RankIdentity identity, RankThread thread) {
        hook = new ExitHook("interruption-notice", () -> {
            if (thread.isBusy()) {
                Stderr.say("neuron: rank " + identity.rank() + " of " + identity.worldSize()
                        + " is ended in the middle of its work; its last step was " + thread.describe());
                Stderr.flush();
            }
        });
        DefaultSignals.leaveToJava();
        hook.install();
    }

    @Override
    public void close() {
        hook.remove();
    }
}
