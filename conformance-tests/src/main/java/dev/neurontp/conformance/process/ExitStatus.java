package dev.neurontp.conformance.process;

/**
 * How a process ended.
 *
 * @param exitCode its exit code; 128 + n where signal n may have ended it
 * @param atMillis milliseconds since its start
 * @param byUs whether this suite killed it
 */
public record ExitStatus(int exitCode, long atMillis, boolean byUs) {

    /** The code, and the signal that it may stand for. */
    public String how() {
        return switch (exitCode) {
            case 130 -> "exit code 130 (SIGINT)";
            case 131 -> "exit code 131 (SIGQUIT)";
            case 132 -> "exit code 132 (SIGILL)";
            case 133 -> "exit code 133 (SIGTRAP)";
            case 134 -> "exit code 134 (SIGABRT)";
            case 135 -> "exit code 135 (SIGBUS)";
            case 136 -> "exit code 136 (SIGFPE)";
            case 137 -> "exit code 137 (SIGKILL)";
            case 139 -> "exit code 139 (SIGSEGV)";
            case 141 -> "exit code 141 (SIGPIPE)";
            case 143 -> "exit code 143 (SIGTERM)";
            case 152 -> "exit code 152 (SIGXCPU: the limit on CPU time, ulimit -t)";
            case 153 -> "exit code 153 (SIGXFSZ: the limit on the size of files, ulimit -f)";
            default -> "exit code " + exitCode;
        };
    }

    @Override
    public String toString() {
        return (byUs ? "killed by this suite" : how()) + " at " + atMillis + " ms";
    }
}
