package dev.neurontp.conformance.check;

/** Lets tests of other packages see what a line expects. */
public final class Expectations {

    private Expectations() {}

    /** The words of what must come back. */
    public static String words(Line line) {
        return line.expect().words();
    }

    /** Whether the right reply may be what a sanity check gets. */
    public static boolean looksLikeSanity(Line line) {
        return line.expect().looksLikeSanity();
    }
}
