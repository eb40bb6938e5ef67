package dev.neurontp.ops.pool;

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
     * Those among earlier ones that are in the list of no daemon any more, each told once: of {@code answered} alone, since of the others nothing
     * is known.
     */
    List<ShownPool> removed(List<? extends ShownPool> listed, List<String> answered) {
        List<String> there = listed.stream().map(PoolChanges::key).toList();
        List<ShownPool> gone = shown.entrySet().stream()
                .filter(one -> !there.contains(one.getKey())
                        && answered.contains(one.getValue().teller()))
                .map(Map.Entry::getValue)
                .toList();
        gone.forEach(one -> {
            shown.remove(key(one));
            seen.remove(key(one));
        });
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
