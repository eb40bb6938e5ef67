package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Whether the data of a case was right on every rank, and what a person needs to know where it was not. */
final class DataVerdict {
    private final Case of;
    private final List<RankDevice> ranks;
    private final SortedMap<Integer, XCollectiveResult> results;

    DataVerdict(Case of, List<RankDevice> ranks, SortedMap<Integer, XCollectiveResult> results) {
        this.of = of;
        this.ranks = ranks;
        this.results = results;
    }

    /** Why the data is wrong; empty when it is right. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<Integer, XCollectiveResult> one : results.entrySet()) {
            XCollectiveResult result = one.getValue();
            if (result.wrong() > 0) {
                problems.addAll(wrong(one.getKey(), result));
            }
            long wanted = wanted(one.getKey());
            if (result.checked() < wanted) {
                problems.add(words(one.getKey()) + " compared " + result.checked() + " elements of " + wanted
                        + ": what was not compared is not right");
            }
        }
        return problems;
    }

    private List<String> wrong(int rank, XCollectiveResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(words(rank) + " has " + result.wrong() + " wrong of " + result.checked() + " elements");
        result.firstIndex()
                .ifPresent(index -> lines.add("  first at element " + index + offset(index) + ": expected "
                        + result.expected() + ", got " + result.got()));
        if (!result.cause().isEmpty()) {
            lines.add("  " + result.cause());
        }
        if (!result.wrongFrom().isEmpty()) {
            lines.add("  they belong to "
                    + result.wrongFrom().stream()
                            .map(source -> words((int) source.rank()) + ": " + source.elements())
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    private String offset(long index) {
        return of.request()
                .flatMap(request -> ElementType.find(request.type()))
                .map(type -> " (byte " + index * type.bytes() + ")")
                .orElse("");
    }

    private String words(int rank) {
        return rank < ranks.size() ? ranks.get(rank).words() : "rank " + rank;
    }

    /** How many elements a rank must have compared: wire-contract.md, x_collective. */
    private long wanted(int rank) {
        XCollective request = of.request().orElseThrow();
        return request.checks() * (alone() ? request.count() / Long.BYTES : received(request, rank));
    }

    /** A rank that does this by itself counts words of 8 bytes, whatever the type says. */
    private boolean alone() {
        return of.phase() == Phase.COPIES || of.phase() == Phase.MEMORY;
    }

    private long received(XCollective request, int rank) {
        if (of.phase() == Phase.PAIRS) {
            boolean takesPart =
                    Pair.parse(request.pairs(), ranks.size()).stream().anyMatch(pair -> pair.has(rank));
            return takesPart ? request.count() : 0;
        }
        return Collective.named(request.collective())
                .orElseThrow()
                .received(rank, (int) request.root(), request.count(), ranks.size());
    }
}
