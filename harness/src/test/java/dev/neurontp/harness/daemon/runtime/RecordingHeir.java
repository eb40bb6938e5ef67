package dev.neurontp.harness.daemon.runtime;

import java.util.ArrayList;
import java.util.List;

/** Notes what it is given. */
final class RecordingHeir implements Heir {
    final List<PlacedRank> inherited = new ArrayList<>();
    final List<LeftHere> here = new ArrayList<>();
    final List<PlacedRank> others = new ArrayList<>();
    boolean writes = true;

    /** What a start with that folder says. */
    List<String> clean(RuntimeFolder folder) throws InterruptedException {
        OrphanCleanup cleanup = new OrphanCleanup(folder, this);
        cleanup.takeOver();
        return cleanup.clean();
    }

    @Override
    public boolean inherit(List<PlacedRank> left) {
        inherited.addAll(left);
        return writes;
    }

    @Override
    public void inheritHere(List<LeftHere> left) {
        here.addAll(left);
    }

    @Override
    public void keepApart(List<PlacedRank> ranks) {
        others.addAll(ranks);
    }
}
