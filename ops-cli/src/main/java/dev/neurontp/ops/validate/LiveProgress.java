package dev.neurontp.ops.validate;

import dev.neurontp.harness.validate.CaseResult;
import dev.neurontp.harness.validate.Phase;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.ops.console.Screen;

/** How far a run is: one line that is written over on a terminal; elsewhere each phase, and the first failures at once. */
final class LiveProgress {
    private static final int MOST = 10;

    private final Screen screen;
    private int done;
    private int failed;
    private Phase phase;

    LiveProgress(Screen screen) {
        this.screen = screen;
    }

    void done(CaseResult result) {
        done++;
        if (result.of().phase() != phase && !screen.terminal().live()) {
            phase = result.of().phase();
            screen.say("validate: " + phase.label());
        }
        failed += result.status() == Status.FAIL ? 1 : 0;
        if (result.status() == Status.FAIL
                && failed <= MOST
                && !screen.terminal().live()) {
            screen.say("FAIL " + result.of().id() + ": " + result.reason());
        }
        screen.terminal().passing(done + " " + result.of().id());
    }

    void clear() {
        screen.terminal().passing("");
    }
}
