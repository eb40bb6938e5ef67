package dev.neurontp.harness.daemon.dashboard;

/** The session that a request came with. Any thread may call. */
public record Session(String secret, Sessions known) {
    /** Whether it has not ended since. */
    public boolean lasts() {
        return known.knows(secret);
    }

    /** Ends it. */
    public void end() {
        known.end(secret);
    }

    @Override
    public String toString() {
        return "(session)";
    }
}
