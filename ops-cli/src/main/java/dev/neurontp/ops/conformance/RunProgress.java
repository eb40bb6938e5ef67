package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.process.LogText;
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
        say("the worker answers after " + firstReplyMillis + " ms; stage " + stage + " (" + stageReason + ")");
    }

    @Override
    public synchronized void begins(Check check) {
        if (trace) {
            say("begins " + check.id() + ": " + check.title());
        }
    }

    @Override
    public synchronized void done(Check check, int done, int all) {
        if (terminal.live() && !trace) {
            terminal.passing(LogText.of(done < all ? done + "/" + all + " " + check.id() : ""));
        } else if (STEPS * done / all > lastStep) {
            lastStep = STEPS * done / all;
            say(done + " of " + all + " checks");
        }
    }

    @Override
    public synchronized void failed(Failure failure) {
        say("broken: " + failure.rule() + " (" + failure.check() + ")");
    }

    private void say(String line) {
        terminal.line(LogText.of(line));
    }
}
