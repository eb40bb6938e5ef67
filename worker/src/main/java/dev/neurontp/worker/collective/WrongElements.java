package dev.neurontp.worker.collective;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XCollectiveResult.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects wrong elements of all checked runs of one request, and what explains most of them. */
final class WrongElements {
    /** As many elements are tried with every cause; the later ones with those that explained something. */
    private static final long TRIED_WITH_ALL = 64;

    private static final int MAX_CANDIDATES = 16;
    /** A cause must explain nine of ten, or it is none. */
    private static final int SHARE = 10;

    private final ElementType type;
    private final Map<Cause, Long> explained = new LinkedHashMap<>();
    private final Map<Integer, Long> sources = new HashMap<>();
    private long wrong;
    /** Those that a cause was looked for: each takes as long as several comparisons, while the other ranks wait. */
    private long tried;

    private long first = -1;
    private String expectedText = "";
    private String gotText = "";
    private String guardText = "";
    private long disagreements;
    private String disagreementText = "";

    WrongElements(ElementType type) {
        this.type = type;
    }

    void add(Expectation expectation, long index, long expected, long got) {
        if (first < 0) {
            first = index;
            expectedText = type.show(expected);
            gotText = type.show(got);
        }
        CollectiveRequest request = expectation.layout().request();
        if (!request.collective().reduces() && !request.collective().isLocal()) {
            sources.merge(expectation.layout().source(index), 1L, Long::sum);
        }
        wrong++;
        if (tried >= XCollectiveResult.MOST_EXPLAINED) {
            return;
        }
        if (tried < TRIED_WITH_ALL) {
            tryAll(expectation, index, expected, got);
        } else {
            explained.replaceAll(
                    (cause, count) -> cause.explains(expectation, index, expected, got) ? count + 1 : count);
        }
        tried++;
        if (tried == TRIED_WITH_ALL) {
            keepTheBest();
        }
    }

    /** Wrong elements that only a kernel has seen, from {@code index} on, all of one source. */
    void addUnread(Layout layout, long index, long elements) {
        CollectiveRequest request = layout.request();
        if (!request.collective().reduces() && !request.collective().isLocal()) {
            sources.merge(layout.source(index), elements, Long::sum);
        }
        wrong += elements;
    }

    /** Memory behind the end of the receive buffer that was written. */
    void addGuard(long index, long expected, long got) {
        if (first < 0) {
            first = index;
            expectedText = type.show(expected);
            gotText = type.show(got);
        }
        wrong++;
        tried++;
        guardText = "written behind the end of the receive buffer";
    }

    /** A check in which the device and the host did not find the same: it counts as one wrong element. */
    void addDisagreement(String text) {
        disagreements++;
        disagreementText = text;
    }

    private void tryAll(Expectation expectation, long index, long expected, long got) {
        CollectiveRequest request = expectation.layout().request();
        tryOne(new Cause(Cause.Kind.NEVER_WRITTEN, 0), expectation, index, expected, got);
        for (int rank = 0; rank < request.ranks(); rank++) {
            if (request.collective().reduces()) {
                tryOne(new Cause(Cause.Kind.MISSING, rank), expectation, index, expected, got);
                tryOne(new Cause(Cause.Kind.TWICE, rank), expectation, index, expected, got);
            } else {
                tryOne(new Cause(Cause.Kind.OF_ANOTHER, rank), expectation, index, expected, got);
            }
        }
        long difference = got ^ expected;
        if (Long.bitCount(difference) == 1) {
            Cause bit = new Cause(Cause.Kind.BIT, Long.numberOfTrailingZeros(difference));
            tryOne(bit, expectation, index, expected, got);
        }
    }

    private void tryOne(Cause cause, Expectation expectation, long index, long expected, long got) {
        if (cause.explains(expectation, index, expected, got)) {
            explained.merge(cause, 1L, Long::sum);
        }
    }

    private void keepTheBest() {
        List<Cause> worst = explained.keySet().stream()
                .sorted(Comparator.comparing(explained::get, Comparator.reverseOrder()))
                .skip(MAX_CANDIDATES)
                .toList();
        worst.forEach(explained::remove);
    }

    long wrong() {
        return wrong + disagreements;
    }

    OptionalLong firstIndex() {
        return first < 0 ? OptionalLong.empty() : OptionalLong.of(first);
    }

    String expectedText() {
        return expectedText;
    }

    String gotText() {
        return gotText;
    }

    /** In words; empty where nothing explains enough, or two ranks explain it equally well. */
    String cause() {
        Cause best = best();
        String explanation = best == null ? guardText : best.words();
        return Stream.of(explanation, disagreementText)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private Cause best() {
        Map<Cause.Kind, List<Cause>> leaders = new EnumMap<>(Cause.Kind.class);
        long most = explained.values().stream().mapToLong(count -> count).max().orElse(0);
        if (most == 0 || most < tried - tried / SHARE) {
            return null;
        }
        explained.forEach((cause, count) -> {
            if (count == most) {
                leaders.computeIfAbsent(cause.kind(), _ -> new ArrayList<>()).add(cause);
            }
        });
        List<Cause> equal = leaders.values().iterator().next();
        // With 8 bits an element, one alone is like another rank's by chance too often.
        boolean byChance = type.bytes() == 1
                && most < 2
                && equal.getFirst().kind() != Cause.Kind.NEVER_WRITTEN
                && equal.getFirst().kind() != Cause.Kind.BIT;
        return equal.size() > 1 || byChance ? null : equal.getFirst();
    }

    /** By source; for a reduction the rank whose contribution explains them. */
    List<Source> wrongFrom() {
        Cause best = best();
        if (best != null && (best.kind() == Cause.Kind.MISSING || best.kind() == Cause.Kind.TWICE)) {
            return List.of(new Source(best.number(), explained.get(best)));
        }
        return sources.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(XCollectiveResult.MAX_SOURCES)
                .map(entry -> new Source(entry.getKey(), entry.getValue()))
                .toList();
    }
}
