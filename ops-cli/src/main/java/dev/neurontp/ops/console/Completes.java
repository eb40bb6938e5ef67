package dev.neurontp.ops.console;

import java.util.ArrayList;

/** What a shell offers for an argument whose values are not known before. Files are offered for every argument that is a path. */
public final class Completes {
    private Completes() {}

    /** The pools that there are at that moment. */
    public static final class Pools extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Pools() {}
    }

    /** The commands of tpctl. */
    public static final class Commands extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Commands() {}
    }
}
