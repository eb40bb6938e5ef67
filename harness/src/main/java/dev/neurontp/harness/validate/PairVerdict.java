package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares the pairs of a group with each other, those within a host and those between hosts apart: which one is slow, and whether one
 * rank is in all that are. The yardstick is the lower quartile of the times, since one slow rank of four makes half of all pairs slow.
 */
final class PairVerdict {
    /** A pair at less than 0.8 of the others' rate. */
    private static final double HARDWARE = 1 / 0.8;
    /** On a busy host without hardware. */
    private static final double SIMULATED = 3;
    /** There a copy takes a fraction of a millisecond, and a busy host as much again many times over. */
    private static final double SIMULATED_COPY = 20;

    private static final int LEAST = 3;

    private final SortedMap<String, Double> seconds = new TreeMap<>();
    private final List<RankDevice> ranks;
    private final double tolerated;

    /**
     * @param results of one size, all pairs; of a pair that was measured twice the shorter time counts
     */
    PairVerdict(List<CaseResult> results, List<RankDevice> ranks, boolean simulated) {
        this.ranks = ranks;
        boolean copies = results.stream().anyMatch(result -> result.of().phase() == Phase.PEERS);
        this.tolerated = !simulated ? HARDWARE : copies ? SIMULATED_COPY : SIMULATED;
        results.forEach(this::read);
    }

    private void read(CaseResult result) {
        for (String pair : pairs(result.of())) {
            longest(result, pair).ifPresent(time -> seconds.merge(pair, time, Math::min));
        }
    }

    /** The pairs of a case, each by its name. */
    static List<String> pairs(Case of) {
        return List.of(of.request().orElseThrow().pairs().split(",", -1));
    }

    /** The shorter runs of both ends say what the link can do; what a busy host adds is not the link's. */
    private static Optional<Double> longest(CaseResult result, String pair) {
        return Arrays.stream(pair.split("-", -1))
                .map(rank -> result.ranks().get(Integer.parseInt(rank)))
                .map(found -> Optional.ofNullable(found).flatMap(Timing::of))
                .map(times -> times.map(XCollectiveResult.Times::min))
                .flatMap(Optional::stream)
                .filter(nanos -> nanos > 0)
                .max(Long::compare)
                .map(nanos -> nanos / Timing.NANOS);
    }

    /** The shortest time of each pair in seconds, by its name such as {@code 0-1}. */
    SortedMap<String, Double> seconds() {
        return seconds;
    }

    /** The slow pairs, each with how many times as long as the others of its kind it takes; empty where these are fewer than three. */
    SortedMap<String, Double> slow() {
        SortedMap<String, Double> slow = new TreeMap<>();
        kinds().forEach(kind -> {
            double usual = usual(kind);
            kind.forEach((pair, time) -> {
                if (time > usual * tolerated) {
                    slow.put(pair, time / usual);
                }
            });
        });
        return slow;
    }

    /** How many pairs have enough others of their kind to be compared with. */
    int compared() {
        return kinds().stream().mapToInt(Map::size).sum();
    }

    /** The pairs of each kind of which there are enough. */
    private List<SortedMap<String, Double>> kinds() {
        Map<Boolean, SortedMap<String, Double>> kinds = new TreeMap<>();
        seconds.forEach((pair, time) -> kinds.computeIfAbsent(isWithinAHost(pair), within -> new TreeMap<>())
                .put(pair, time));
        return kinds.values().stream().filter(kind -> kind.size() >= LEAST).toList();
    }

    /** Also where a rank does not say where it runs. */
    private boolean isWithinAHost(String pair) {
        return Arrays.stream(pair.split("-", -1))
                        .map(rank -> ranks.get(Integer.parseInt(rank)))
                        .flatMap(rank -> rank.info().stream())
                        .map(XDeviceInfo::bootId)
                        .distinct()
                        .count()
                < 2;
    }

    private static double usual(SortedMap<String, Double> kind) {
        List<Double> sorted = new ArrayList<>(kind.values());
        sorted.sort(null);
        return sorted.get((sorted.size() - 1) / 4);
    }

    /** The rank that every slow pair has in common, where there are at least two of them. */
    Optional<Integer> commonRank() {
        List<String> slow = List.copyOf(slow().keySet());
        if (slow.size() < 2) {
            return Optional.empty();
        }
        Map<Integer, Integer> seen = new HashMap<>();
        slow.forEach(pair ->
                Arrays.stream(pair.split("-", -1)).forEach(rank -> seen.merge(Integer.valueOf(rank), 1, Integer::sum)));
        return seen.entrySet().stream()
                .filter(one -> one.getValue() == slow.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
