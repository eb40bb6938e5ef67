package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;
import java.io.PrintWriter;

/** Says how far a run is: one line that is written over on a terminal, a few lines elsewhere. */
final class Progress implements Listener {

    private static final int STEPS = 4;

    private final PrintWriter out;
    private final boolean terminal;
    private final boolean trace;
    private int lastStep;

    Progress(PrintWriter out, boolean terminal, boolean trace) {
        this.out = out;
        this.terminal = terminal;
        this.trace = trace;
    }

    @Override
    public synchronized void met(String stage, String stageWords, long firstReplyMillis) {
        line("the worker answers after " + firstReplyMillis + " ms; stage " + stage + " (" + stageWords + ")");
    }

    @Override
    public synchronized void begins(Check check) {
        if (trace) {
            line("begins " + check.id() + ": " + check.title());
        }
    }

    @Override
    public synchronized void done(Check check, int done, int all) {
        if (terminal && !trace) {
            out.print("\r\u001b[K" + done + "/" + all + " " + (done < all ? check.id() : ""));
            if (done == all) {
                out.print("\r\u001b[K");
            }
            out.flush();
        } else if (STEPS * done / all > lastStep) {
            lastStep = STEPS * done / all;
            line(done + " of " + all + " checks");
        }
    }

    @Override
    public synchronized void failed(Failure failure) {
        line("broken: " + failure.rule() + " (" + failure.check() + ")");
    }

    private void line(String text) {
        out.println((terminal ? "\r\u001b[K" : "") + text);
        out.flush();
    }
}
