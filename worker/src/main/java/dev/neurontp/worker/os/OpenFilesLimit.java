package dev.neurontp.worker.os;

/** The limit on the open files of this process, which somebody may lower while it runs: then Java cannot load its own classes. */
public final class OpenFilesLimit {
    /** EMFILE, in the locale that the launchers set. */
    private static final String REACHED = "Too many open files";

    /** What to say and to do. */
    public static final String WORDS = "the limit on the open files of this process is reached: raise it (ulimit -n)";

    private OpenFilesLimit() {}

    /** Whether an error, or what is behind it, came from that limit. */
    public static boolean isCauseOf(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains(REACHED)) {
                return true;
            }
        }
        return false;
    }
}
