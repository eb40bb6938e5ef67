package dev.neurontp.harness.pool;

/** What a pool does with all its ranks at once. */
public enum Op {
    SPAWN("spawn"),
    PING("ping"),
    INIT("init"),
    SANITY("sanity"),
    SHUTDOWN("shutdown"),
    /** Nothing was under way. */
    IDLE("idle");

    private final String label;

    Op(String label) {
        this.label = label;
    }

    /** The word for people. */
    public String label() {
        return label;
    }
}
