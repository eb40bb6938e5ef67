package dev.neurontp.worker.comm;

/**
 * Recognises the error of a rank that failed because another rank did: it waited for the others in vain, or its link to
 * one of them broke. A leader that has the reports of all ranks looks for the root cause among those with another
 * error, or none.
 */
public final class SecondaryFailure {
    /** How the error of a rank begins that did its own part and timed out. */
    public static final String WAITED = "timed out waiting for the other ranks";

    /** NCCL's name for a link to a rank that is gone; a rank that gives up breaks its links, too. */
    public static final String LINK_LOST = "ncclRemoteError";

    private SecondaryFailure() {}

    /** Whether a rank's error message says so. */
    public static boolean says(String message) {
        return message.contains(WAITED) || message.contains(LINK_LOST);
    }
}
