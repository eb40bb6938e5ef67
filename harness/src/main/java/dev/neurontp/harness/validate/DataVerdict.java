package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.Pair;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a case's data was right on every rank and wholly compared, and what a person needs to know where not. */
final class DataVerdict {
    private final Case of;
    private final List<RankDevice> ranks;
    private final SortedMap<Integer, XCollectiveResult> results;

    DataVerdict(Case of, List<RankDevice> ranks, SortedMap<Integer, XCollectiveResult> results) {
        this.of = of;
        this.ranks = ranks;
        this.results = results;
    }

    /** A kind of problem, and all that there is to say of it. */
    record Problem(String reason, List<String> evidence) {}

    /** The worst that is wrong, with the evidence of everything; empty when all is right. */
    Optional<Problem> problem() {
        List<String> wrong = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        List<String> contradictions = new ArrayList<>();
        results.forEach((rank, result) -> {
            if (result.wrong() > 0) {
                wrong.addAll(wrong(rank, result));
            }
            count(rank, result).ifPresent(counts::add);
            contradiction(rank, result).ifPresent(contradictions::add);
        });
        String reason = !wrong.isEmpty()
                ? "wrong data"
                : !counts.isEmpty() ? "not exactly every element was compared" : "a rank contradicts itself";
        List<String> evidence =
                Stream.of(wrong, counts, contradictions).flatMap(List::stream).toList();
        return evidence.isEmpty() ? Optional.empty() : Optional.of(new Problem(reason, evidence));
    }

    private Optional<String> count(int rank, XCollectiveResult result) {
        long wanted = wanted(rank);
        if (result.checked() == wanted || (result.checked() == ownBuffer(rank) && wanted == 0)) {
            return Optional.empty();
        }
        return Optional.of(words(rank) + " compared " + result.checked() + " elements of " + wanted
                + (result.checked() < wanted
                        ? ": what was not compared is not right"
                        : ": it has not received so many"));
    }

    /** Whether the rank says of its hardware what it said before it joined. */
    private Optional<String> contradiction(int rank, XCollectiveResult result) {
        if (rank >= ranks.size()) {
            return Optional.empty();
        }
        return ranks.get(rank)
                .info()
                .filter(info -> info.simulated() != result.simulated())
                .map(info -> words(rank) + " said simulated " + (info.simulated() ? 1 : 0) + " to x_device, and says "
                        + (result.simulated() ? 1 : 0) + " to x_collective");
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
                .map(type -> " (byte " + BigInteger.valueOf(index).multiply(BigInteger.valueOf(type.bytes())) + ")")
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

    /** The root of a broadcast receives nothing, and may compare its own buffer. */
    private long ownBuffer(int rank) {
        XCollective request = of.request().orElseThrow();
        return request.collective().equals(Collective.BROADCAST.label()) && rank == request.root()
                ? request.checks() * request.count()
                : 0;
    }

    /** A rank that does this by itself counts words of 8 bytes, whatever the type says. */
    private boolean alone() {
        return of.phase() == Phase.COPIES || of.phase() == Phase.MEMORY;
    }

    private long received(XCollective request, int rank) {
        if (of.phase() == Phase.PAIRS || of.phase() == Phase.PEERS) {
            boolean takesPart =
                    Pair.parse(request.pairs(), ranks.size()).stream().anyMatch(pair -> pair.has(rank));
            return takesPart ? request.count() : 0;
        }
        return Collective.named(request.collective())
                .orElseThrow()
                .received(rank, (int) request.root(), request.count(), ranks.size());
    }
}
