package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.ops.console.Terminal;

/** Says how far a run is: one line that is written over on a terminal, a few lines elsewhere. */
final class RunProgress implements Listener {

    private static final int STEPS = 4;

    private final Terminal terminal;
    private final boolean trace;
    private int lastStep;

    RunProgress(Terminal terminal, boolean trace) {
        this.terminal = terminal;
        this.trace = trace;
    }

    @Override
    public synchronized void met(String stage, String stageReason, long firstReplyMillis) {
        terminal.line(
                "the worker answers after " + firstReplyMillis + " ms; stage " + stage + " (" + stageReason + ")");
    }

    @Override
    public synchronized void begins(Check check) {
        if (trace) {
            terminal.line("begins " + check.id() + ": " + check.title());
        }
    }

    @Override
    public synchronized void done(Check check, int done, int all) {
        if (terminal.live() && !trace) {
            terminal.passing(done < all ? done + "/" + all + " " + check.id() : "");
        } else if (STEPS * done / all > lastStep) {
            lastStep = STEPS * done / all;
            terminal.line(done + " of " + all + " checks");
        }
    }

    @Override
    public synchronized void failed(Failure failure) {
        terminal.line("broken: " + failure.rule() + " (" + failure.check() + ")");
    }
}
