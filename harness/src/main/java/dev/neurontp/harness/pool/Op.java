package dev.neurontp.harness.pool;

/** What a pool does with all its ranks at once. */
public enum Op {
    SPAWN("spawn"),
    PING("ping"),
    INIT("init"),
    SANITY("sanity"),
    /** The sums that name a rank. */
    CHECK("check"),
    SHUTDOWN("shutdown"),
    /** Nothing was under way. */
    IDLE("idle");

    private final String label;

    Op(String label) {
        this.label = label;
    }

    /** How a failure begins: {@code ping failed on rank 2}. */
    String failedOn(int rank) {
        return this == IDLE ? "the idle pool lost rank " + rank : label + " failed on rank " + rank;
    }

    /** The word for people. */
    public String label() {
        return label;
    }
}
