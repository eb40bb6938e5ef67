package dev.neurontp.ops.console;

import dev.neurontp.worker.os.ExitCode;

/** The exit codes of {@link ExitCode} in the help and the manual pages of tpctl. */
public final class ExitCodeHelp {
    /** All of them, in one sentence. */
    public static final String CODES = "0 success, 1 a check, a rank or a pool failed, 2 usage,"
            + " 3 could not run at all (no such pool, no daemon that answers), 4 timed out or busy, 129, 130 and 143"
            + " ended by a signal.";

    private ExitCodeHelp() {}
}
