package dev.neurontp.ops.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which pools have changed since they were last shown. Used by one thread. */
final class PoolChanges {
    private final Map<String, List<String>> seen = new HashMap<>();
    private final Map<String, ShownPool> shown = new LinkedHashMap<>();

    /** Those of {@code pools} that are new, or are not as they were. */
    List<ShownPool> in(List<? extends ShownPool> pools) {
        return pools.stream()
                .filter(this::changed)
                .<ShownPool>map(found -> found)
                .toList();
    }

    /** Whether it was among those of an earlier call. */
    boolean knows(ShownPool found) {
        return seen.containsKey(key(found));
    }

    /**
     * Those among earlier ones that are not in the list of their daemon any more, each told once; of a daemon that did not answer, or another one at its
     * address, nothing is known.
     */
    List<ShownPool> removed(PoolListing now) {
        List<String> listed = now.pools().stream().map(PoolChanges::key).toList();
        List<ShownPool> gone = new ArrayList<>();
        for (ShownPool one : List.copyOf(shown.values())) {
            boolean answered = one instanceof PoolRef live && now.answered().contains(live.daemon());
            if (answered && !listed.contains(key(one))) {
                shown.remove(key(one));
                seen.remove(key(one));
                gone.add(one);
            }
        }
        return gone;
    }

    private boolean changed(ShownPool found) {
        List<String> now = List.of(
                found.pool().state(),
                found.pool().reason().orElse(""),
                found.pool()
                        .busy()
                        .flatMap(busy -> Optional.ofNullable(busy.op()))
                        .orElse(""));
        shown.put(key(found), found);
        return !now.equals(seen.put(key(found), now));
    }

    private static String key(ShownPool found) {
        return found.teller() + " " + found.id();
    }
}
