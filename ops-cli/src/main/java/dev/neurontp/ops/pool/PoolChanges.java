package dev.neurontp.ops.pool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which pools have changed since they were last shown. Used by one thread. */
final class PoolChanges {
    private final Map<String, List<String>> seen = new HashMap<>();

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

    private boolean changed(ShownPool found) {
        List<String> now = List.of(
                found.pool().state(),
                found.pool().reason().orElse(""),
                found.pool()
                        .busy()
                        .flatMap(busy -> Optional.ofNullable(busy.op()))
                        .orElse(""));
        return !now.equals(seen.put(key(found), now));
    }

    private static String key(ShownPool found) {
        return found.teller() + " " + found.id();
    }
}
