package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.Remains;
import java.util.List;

/** Keeps apart what ranks of other daemons may hold. Any thread may call. */
public interface Heir {
    /**
     * A rank of an earlier daemon on this host.
     *
     * @param device what it holds
     * @param remains what may be left of it
     */
    record LeftHere(String pool, int rank, long device, Remains remains) {}

    /** Takes what an earlier daemon has left on other hosts; whether that is written down, so that nobody else has to know of it. */
    boolean inherit(List<PlacedRank> left);

    /** Takes what an earlier daemon may have left on this host. */
    void inheritHere(List<LeftHere> left);

    /** Takes what a daemon in another container may have on other hosts. */
    void keepApart(List<PlacedRank> others);
}
