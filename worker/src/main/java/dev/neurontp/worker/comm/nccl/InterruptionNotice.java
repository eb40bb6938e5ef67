package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.DefaultSignals;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.Stderr;

/**
 * Says on stderr what a rank was doing when it is ended from outside in the middle of it. A worker's exit has a bound then; a leader has its
 * other ranks to end first, and aborts its own.
 */
final class InterruptionNotice implements AutoCloseable {
    private final ExitHook hook;

    InterruptionNotice(RankIdentity identity, RankThread thread) {
        boolean nothingElseToDo = DefaultSignals.leaveToJava();
        hook = new ExitHook("interruption-notice", () -> {
            if (thread.isBusy()) {
                if (nothingElseToDo) {
                    HardExit.ifExitTakesLonger(BoundedAbort.EXIT_SECONDS);
                }
                Stderr.say("neuron: rank " + identity.rank() + " of " + identity.worldSize()
                        + " is ended in the middle of its work; its last step was " + thread.describe());
                Stderr.flush();
            }
        });
        hook.install();
    }

    @Override
    public void close() {
        hook.remove();
    }
}
