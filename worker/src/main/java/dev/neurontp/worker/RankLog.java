package dev.neurontp.worker;

/** Where a {@link Rank} says what it does, besides its answers. Any thread may call. */
public interface RankLog {
    void error(String message);

    void info(String message);

    void debug(String message);

    /** A defect of this program. */
    void bug(String what, Throwable bug);
}
