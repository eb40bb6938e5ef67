package dev.neurontp.conformance.process;

/**
 * How a process ended.
 *
 * @param exitCode its exit code; 128 + n where signal n may have ended it
 * @param atMillis milliseconds since its start
 * @param byUs whether this suite killed it
 */
public record ExitStatus(int exitCode, long atMillis, boolean byUs) {

    @Override
    public String toString() {
        String how = switch (exitCode) {
            case 130 -> "SIGINT or exit code 130";
            case 134 -> "SIGABRT or exit code 134";
            case 137 -> "SIGKILL or exit code 137";
            case 139 -> "SIGSEGV or exit code 139";
            case 141 -> "SIGPIPE or exit code 141";
            case 143 -> "SIGTERM or exit code 143";
            default -> "exit code " + exitCode;
        };
        return (byUs ? "killed by this suite" : how) + " at " + atMillis + " ms";
    }
}
