package dev.neurontp.worker.os;

/** The jars of a program that runs for long. */
public final class OpenJars {
    private OpenJars() {}

    /**
     * Opens all of them, which Java does when it first looks for something in them: later the host may have no descriptor left, and then a class
     * that was not needed before cannot be loaded. Takes a hundredth of a second.
     */
    public static void now() {
        boolean _ = OpenJars.class.getResource("/no/such/file") == null; // it looks through them all
    }
}
