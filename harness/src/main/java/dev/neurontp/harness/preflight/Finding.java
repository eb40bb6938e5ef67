package dev.neurontp.harness.preflight;

/**
 * One thing that was looked at on a host.
 *
 * @param check what was looked at
 * @param verdict what came out
 * @param text what was seen
 * @param remedy what to do; empty where nothing is to be done
 */
public record Finding(Check check, Verdict verdict, String text, String remedy) {
    /** What is looked at, in that order. */
    public enum Check {
        /** The launcher has reached the host and was let in. */
        REACHABLE,
        /** This program is there and runs. */
        PROGRAM,
        /** Nothing stands on stdout before it. */
        STDOUT,
        /** It is the first that reads stdin. */
        STDIN,
        /** What is said on stderr comes back: so do an agent's records. */
        STDERR,
        /** It is of the same version as this one. */
        VERSION,
        /** The devices that are asked for. */
        DEVICES,
        /** The address of the settings is one of the host. */
        ADDRESS,
        /** Processes that an earlier daemon has left there. */
        LEFTOVERS
    }

    /** What comes out. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Not known. */
        SKIP,
        /** Unusual, and no reason to stop. */
        WARN,
        /** A pool there would fail. */
        FAIL
    }

    static Finding ok(Check check, String text) {
        return new Finding(check, Verdict.OK, text, "");
    }
}
